import type { DatasetIndex, PlannedRun, Store } from '@bakeoff/core';
import { loadSplit, loadView } from '@bakeoff/model';

/**
 * The training split's labels and, epoch by epoch, its images: the originals or, with augmentation, the epoch's view.
 */
export interface TrainingImages {
  readonly labels: Uint8Array;
  /**
   * uint8 [n, h, w, c] to train the epoch on, to which nothing here keeps a reference; null: the images of the last
   * call.
   */
  forEpoch(epoch: number): Promise<Uint8Array | null>;
}

/** @throws UserError naming a shard that is missing or damaged */
export async function openTrainingImages(
  store: Store,
  index: DatasetIndex,
  { recipe, augmentationId }: PlannedRun,
): Promise<TrainingImages> {
  const { labels, images } = await loadSplit(store, index, 'train');
  if (recipe.augmentation === null || augmentationId === null) return new Originals(labels, images);
  return new ViewCycle(
    labels,
    (view) => loadView(store, index, augmentationId, view),
    recipe.augmentation.views,
    recipe.maxEpochs,
  );
}

class Originals implements TrainingImages {
  constructor(
    readonly labels: Uint8Array,
    private images: Uint8Array | null,
  ) {}

  forEpoch(): Promise<Uint8Array | null> {
    const { images } = this;
    this.images = null;
    return Promise.resolve(images);
  }
}

/**
 * Epoch e trains on view ((e − 1) mod views) + 1. While the training uses one view, the next is read: two are held,
 * never three.
 */
class ViewCycle implements TrainingImages {
  private current: number | undefined;
  private next: { readonly view: number; readonly bytes: Promise<Uint8Array> } | undefined;

  constructor(
    readonly labels: Uint8Array,
    private readonly load: (view: number) => Promise<Uint8Array>,
    private readonly views: number,
    private readonly maxEpochs: number,
  ) {}

  async forEpoch(epoch: number): Promise<Uint8Array | null> {
    const view = this.viewOf(epoch);
    const images = this.current === view ? null : await (this.next?.view === view ? this.next.bytes : this.load(view));
    this.current = view;
    this.next = undefined;
    this.prefetch(epoch + 1);
    return images;
  }

  private viewOf(epoch: number): number {
    return ((epoch - 1) % this.views) + 1;
  }

  private prefetch(epoch: number): void {
    const view = this.viewOf(epoch);
    if (epoch > this.maxEpochs || view === this.current) return;
    const bytes = this.load(view);
    // A failure is thrown where the view is awaited; a run that ends earlier does not need the view.
    bytes.catch(() => undefined);
    this.next = { view, bytes };
  }
}
