import type { DatasetIndex, PlannedRun, Store } from '@bakeoff/core';
import { kernels, loadSplit, loadView } from '@bakeoff/model';

type DeviceImages = ReturnType<typeof kernels.uploadImages>;

/** The training split's labels and, epoch by epoch, its images: the originals, or with augmentation the epoch's view. */
export interface TrainingImages {
  readonly labels: Uint8Array;
  /** uint8 images on the device, valid until the next call. */
  forEpoch(epoch: number): Promise<DeviceImages>;
  dispose(): void;
}

/** @throws UserError naming a shard that is missing or damaged */
export async function openTrainingImages(store: Store, index: DatasetIndex, { recipe, augmentationId }: PlannedRun): Promise<TrainingImages> {
  const { labels, images } = await loadSplit(store, index, 'train');
  const upload = (bytes: Uint8Array): DeviceImages => kernels.uploadImages(bytes, [labels.length, ...index.imageShape]);
  if (recipe.augmentation === null || augmentationId === null) {
    const originals = upload(images);
    return { labels, forEpoch: () => Promise.resolve(originals), dispose: () => originals.dispose() };
  }
  return new ViewCycle(labels, (view) => loadView(store, index, augmentationId, view), upload, recipe.augmentation.views, recipe.maxEpochs);
}

/** Epoch e trains on view ((e − 1) mod views) + 1. While one is trained on, the next is read: two are held, never three. */
class ViewCycle implements TrainingImages {
  private current: { readonly view: number; readonly images: DeviceImages } | undefined;
  private next: { readonly view: number; readonly bytes: Promise<Uint8Array> } | undefined;

  constructor(
    readonly labels: Uint8Array,
    private readonly load: (view: number) => Promise<Uint8Array>,
    private readonly upload: (bytes: Uint8Array) => DeviceImages,
    private readonly views: number,
    private readonly maxEpochs: number,
  ) {}

  async forEpoch(epoch: number): Promise<DeviceImages> {
    const view = this.viewOf(epoch);
    const current = this.current?.view === view ? this.current : { view, images: await this.replace(view) };
    this.current = current;
    this.prefetch(epoch + 1);
    return current.images;
  }

  dispose(): void {
    this.current?.images.dispose();
    this.current = undefined;
  }

  private viewOf(epoch: number): number {
    return ((epoch - 1) % this.views) + 1;
  }

  private async replace(view: number): Promise<DeviceImages> {
    const bytes = await (this.next?.view === view ? this.next.bytes : this.load(view));
    this.next = undefined;
    this.dispose();
    return this.upload(bytes);
  }

  private prefetch(epoch: number): void {
    const view = this.viewOf(epoch);
    if (epoch > this.maxEpochs || view === this.current?.view) return;
    const bytes = this.load(view);
    // A failure is thrown where the view is awaited; a run that ends before does not need it.
    bytes.catch(() => undefined);
    this.next = { view, bytes };
  }
}
