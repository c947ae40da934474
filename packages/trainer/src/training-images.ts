import {
  type AugmentationConfig,
  type DatasetIndex,
  movesSize,
  PixelMover,
  type PlannedRun,
  type Store,
  viewDraws,
  viewsAreStored,
} from '@bakeoff/core';
import { loadSplit, loadView } from '@bakeoff/model';

/**
 * The training split's labels and, epoch by epoch, its images: the originals or, with augmentation, the epoch's view,
 * which is read from the store or made of the originals batch by batch.
 */
export interface TrainingImages {
  readonly labels: Uint8Array;
  /**
   * uint8 [n, h, w, c] to train the epoch on, to which nothing here keeps a reference; null: the images of the last
   * call.
   */
  forEpoch(epoch: number): Promise<Uint8Array | null>;
  /**
   * How the pixels of a batch of the current epoch's images move (see `PixelMover`), int32 [batch, 2 × (h + w)]; null:
   * they stay in place.
   */
  movesOf(indices: Int32Array): Int32Array | null;
}

/** @throws UserError naming a shard that is missing or damaged */
export async function openTrainingImages(
  store: Store,
  index: DatasetIndex,
  { recipe, augmentationId }: PlannedRun,
): Promise<TrainingImages> {
  const { labels, images, ids } = await loadSplit(store, index, 'train');
  const { augmentation, maxEpochs } = recipe;
  if (augmentation === null || augmentationId === null) return new Originals(labels, images);
  if (!viewsAreStored(augmentation)) return new MovedImages(labels, images, { ids, augmentation, index });
  return new StoredViews(labels, (view) => loadView(store, index, augmentationId, view), augmentation.views, maxEpochs);
}

/** Epoch e trains on view ((e − 1) mod views) + 1. */
function viewOf(epoch: number, views: number): number {
  return ((epoch - 1) % views) + 1;
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

  movesOf(): Int32Array | null {
    return null;
  }
}

interface MovedViews {
  readonly ids: Int32Array;
  readonly augmentation: AugmentationConfig;
  readonly index: Pick<DatasetIndex, 'imageShape'>;
}

/** Views that are never whole anywhere: the originals, whose pixels move while a batch is gathered. */
class MovedImages implements TrainingImages {
  private readonly originals: Originals;
  private readonly mover: PixelMover;
  private drawsOf: ReturnType<typeof viewDraws> = () => [];

  constructor(
    readonly labels: Uint8Array,
    images: Uint8Array,
    private readonly views: MovedViews,
  ) {
    this.originals = new Originals(labels, images);
    this.mover = new PixelMover(views.index.imageShape);
  }

  forEpoch(epoch: number): Promise<Uint8Array | null> {
    const { augmentation, index } = this.views;
    this.drawsOf = viewDraws(augmentation, viewOf(epoch, augmentation.views), index.imageShape);
    return this.originals.forEpoch();
  }

  movesOf(indices: Int32Array): Int32Array {
    const { ids, index } = this.views;
    const each = movesSize(index.imageShape);
    const moves = new Int32Array(indices.length * each);
    indices.forEach((image, place) => this.mover.write(this.drawsOf(ids[image]!), moves, place));
    return moves;
  }
}

/** While the training uses one view, the next is read: two are held, never three. */
class StoredViews implements TrainingImages {
  private current: number | undefined;
  private next: { readonly view: number; readonly bytes: Promise<Uint8Array> } | undefined;

  constructor(
    readonly labels: Uint8Array,
    private readonly load: (view: number) => Promise<Uint8Array>,
    private readonly views: number,
    private readonly maxEpochs: number,
  ) {}

  async forEpoch(epoch: number): Promise<Uint8Array | null> {
    const view = viewOf(epoch, this.views);
    const images = this.current === view ? null : await (this.next?.view === view ? this.next.bytes : this.load(view));
    this.current = view;
    this.next = undefined;
    this.prefetch(epoch + 1);
    return images;
  }

  movesOf(): Int32Array | null {
    return null;
  }

  private prefetch(epoch: number): void {
    const view = viewOf(epoch, this.views);
    if (epoch > this.maxEpochs || view === this.current) return;
    const bytes = this.load(view);
    // A failure is thrown where the view is awaited; a run that ends earlier does not need the view.
    bytes.catch(() => undefined);
    this.next = { view, bytes };
  }
}
