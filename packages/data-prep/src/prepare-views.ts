import {
  augmentationId,
  everySettingUsed,
  keys,
  readJson,
  readShard,
  writeJson,
  type AugmentationConfig,
  type DatasetIndex,
  type ShardContent,
  type StageContext,
  type ViewIndex,
  viewIndexSchema,
} from '@bakeoff/core';
import { augmentImages } from './augment/augment-images.ts';
import { writeShards } from './write-shards.ts';

export interface PrepareViewsInput {
  readonly index: DatasetIndex;
  readonly augmentation: AugmentationConfig;
}

async function missingViews(
  { index, augmentation: { views, transforms: _transforms, seed: _seed, ...unused } }: PrepareViewsInput,
  id: string,
  { store }: StageContext,
): Promise<number[]> {
  // The other two settings are for `augmentImages`.
  everySettingUsed(unused);
  const missing: number[] = [];
  for (let view = 1; view <= views; view++) {
    if ((await readJson(store, keys.viewIndex(index.datasetId, id, view), viewIndexSchema)) === undefined)
      missing.push(view);
  }
  return missing;
}

async function* augmentShards(
  { index, augmentation }: PrepareViewsInput,
  view: number,
  { store }: Pick<StageContext, 'store'>,
  each: (images: number) => void,
): AsyncIterable<ShardContent> {
  for (const entry of index.splits.train.shards) {
    const shard = await readShard(store, entry, index);
    yield { ...shard, images: augmentImages(shard, index.imageShape, augmentation, view) };
    each(shard.ids.length);
  }
}

/**
 * Prepares an augmentation's views 1 … `views` of a dataset's training split: shards of the same images in the same
 * order as view 0's, and for each view, last, the index that makes it valid. Existing views are not changed. Two shards
 * are in memory at a time.
 * @throws UserError if a shard is missing or damaged.
 */
export async function prepareViews(input: PrepareViewsInput, context: StageContext): Promise<void> {
  const { index, augmentation } = input;
  const { datasetId } = index;
  const id = augmentationId(augmentation);
  const missing = await missingViews(input, id, context);
  if (missing.length === 0) {
    context.log({ type: 'reused', what: 'views', id });
    return;
  }
  const total = missing.length * index.splits.train.count;
  let done = 0;
  for (const view of missing) {
    const contents = augmentShards(input, view, context, (images) => {
      done += images;
      context.log({ type: 'progress', label: 'augmenting', done, total, unit: 'images' });
    });
    const shards = await writeShards(
      contents,
      index.imageShape,
      (number) => keys.viewShard(datasetId, id, view, number),
      context,
    );
    const record: ViewIndex = { formatVersion: 1, datasetId, augmentationId: id, view, shards };
    await writeJson(context.store, keys.viewIndex(datasetId, id, view), record);
  }
}
