import {
  type DatasetIndex,
  keys,
  readJson,
  readShard,
  type ShardContent,
  type ShardEntry,
  type SplitName,
  type Store,
  UserError,
  viewIndexSchema,
} from '@bakeoff/core';

/** A split in memory, in the order of its shards. */
export interface LoadedSplit extends ShardContent {
  readonly count: number;
}

const imageBytes = (index: DatasetIndex) => index.imageShape.reduce((product, extent) => product * extent, 1);

/** Reads shards one at a time, each with the position of its first image in the split. */
async function* readShards<Name extends keyof ShardContent>(
  store: Store,
  index: DatasetIndex,
  shards: readonly ShardEntry[],
  names: readonly Name[],
): AsyncIterable<readonly [Pick<ShardContent, Name>, offset: number]> {
  let offset = 0;
  for (const shard of shards) {
    yield [await readShard(store, shard, index, names), offset];
    offset += shard.count;
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
  for await (const [shard, offset] of readShards(store, index, shards, ['images', 'labels', 'ids'])) {
    loaded.images.set(shard.images, offset * size);
    loaded.labels.set(shard.labels, offset);
    loaded.ids.set(shard.ids, offset);
  }
  return loaded;
}

/**
 * Reads an augmented view of the training split: images [count, height, width, channels] in the order of `loadSplit(…,
 * 'train')`, whose labels and ids apply.
 * @throws UserError if the view was not prepared, or a shard is missing or differs from its digest.
 */
export async function loadView(
  store: Store,
  index: DatasetIndex,
  augmentationId: string,
  view: number,
): Promise<Uint8Array> {
  const key = keys.viewIndex(index.datasetId, augmentationId, view);
  const viewIndex = await readJson(store, key, viewIndexSchema);
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
  for await (const [shard, offset] of readShards(store, index, viewIndex.shards, ['images']))
    images.set(shard.images, offset * size);
  return images;
}
