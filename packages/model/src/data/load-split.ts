import {
  type DatasetIndex,
  decodeSafetensors,
  keys,
  readJson,
  readVerified,
  type SafetensorArray,
  type ShardEntry,
  type SplitName,
  type Store,
  UserError,
  type ViewIndex,
} from '@bakeoff/core';

/** A split in memory, in the order of its shards. */
export interface LoadedSplit {
  /** [count, height, width, channels], 0…255. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  /** Each image's index in the source. */
  readonly ids: Int32Array;
  readonly count: number;
}

const imageBytes = (index: DatasetIndex) => index.imageShape.reduce((product, extent) => product * extent, 1);

type ArrayKind<T extends SafetensorArray> = abstract new (...parameters: never[]) => T;

/** Reads shards one at a time; each is checked against its digest, and its tensors against what the index says. */
class ShardReader {
  constructor(
    private readonly store: Store,
    private readonly index: DatasetIndex,
  ) {}

  async *read(shards: readonly ShardEntry[]): AsyncIterable<{
    readonly offset: number;
    readonly shard: ShardEntry;
    readonly tensor: <T extends SafetensorArray>(name: string, kind: ArrayKind<T>, elements: number) => T;
  }> {
    let offset = 0;
    for (const shard of shards) {
      const { tensors } = decodeSafetensors(await readVerified(this.store, shard), shard.key);
      const tensor = <T extends SafetensorArray>(name: string, kind: ArrayKind<T>, elements: number): T => {
        const data = tensors[name]?.data;
        if (data instanceof kind && data.length === elements * shard.count) return data;
        throw new UserError({
          what: `${shard.key} in ${this.store.url} is no shard of dataset ${this.index.datasetId}`,
          received:
            data === undefined ? `no tensor ${name}` : `${name}: ${data.length} values of ${data.constructor.name}`,
          allowed: `${name}: ${elements * shard.count} values of ${kind.name}`,
          fix: 'remove the dataset and run data-prep again',
        });
      };
      yield { offset, shard, tensor };
      offset += shard.count;
    }
  }
}

/**
 * Reads a split's originals (view 0) with labels and ids.
 * @throws UserError naming the shard that is missing or differs from its digest.
 */
export async function loadSplit(store: Store, index: DatasetIndex, split: SplitName): Promise<LoadedSplit> {
  const { count, shards } = index.splits[split];
  const size = imageBytes(index);
  const loaded = {
    images: new Uint8Array(count * size),
    labels: new Uint8Array(count),
    ids: new Int32Array(count),
    count,
  };
  for await (const { offset, tensor } of new ShardReader(store, index).read(shards)) {
    loaded.images.set(tensor('images', Uint8Array, size), offset * size);
    loaded.labels.set(tensor('labels', Uint8Array, 1), offset);
    loaded.ids.set(tensor('ids', Int32Array, 1), offset);
  }
  return loaded;
}

/**
 * Reads an augmented view of the training split: images [count, height, width, channels] in the order of `loadSplit(…, 'train')`, whose labels and ids hold.
 * @throws UserError where the view was not prepared, or a shard is missing or differs from its digest.
 */
export async function loadView(
  store: Store,
  index: DatasetIndex,
  augmentationId: string,
  view: number,
): Promise<Uint8Array> {
  const key = keys.viewIndex(index.datasetId, augmentationId, view);
  const viewIndex = await readJson<ViewIndex>(store, key);
  if (viewIndex === undefined)
    throw new UserError({
      what: `view ${view} of augmentation ${augmentationId} is not prepared`,
      received: `no ${key} in ${store.url}`,
      fix: 'run data-prep for this plan first',
    });
  const size = imageBytes(index);
  const count = viewIndex.shards.reduce((total, shard) => total + shard.count, 0);
  if (count !== index.splits.train.count) {
    throw new UserError({
      what: `${key} in ${store.url} does not fit its dataset`,
      received: `${count} images`,
      allowed: `${index.splits.train.count} images, as the training split`,
      fix: 'remove the view and run data-prep again',
    });
  }
  const images = new Uint8Array(count * size);
  for await (const { offset, tensor } of new ShardReader(store, index).read(viewIndex.shards))
    images.set(tensor('images', Uint8Array, size), offset * size);
  return images;
}
