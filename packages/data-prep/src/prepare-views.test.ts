import {
  augmentationId,
  keys,
  readJson,
  readShard,
  sha256,
  UserError,
  type AugmentationConfig,
  type DatasetConfig,
  type DatasetIndex,
  viewIndexSchema,
} from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import { beforeAll, expect, test } from 'vitest';
import { augmentImages } from './augment/augment-images.ts';
import { fingerprintSource } from './sources/fingerprint-source.ts';
import { prepareDataset } from './prepare-dataset.ts';
import { prepareViews } from './prepare-views.ts';
import { testContext } from './testing/context.ts';

const config: DatasetConfig = {
  source: 'synthetic',
  images: 60,
  testImages: 10,
  sourceSeed: 1,
  validation: 10,
  train: null,
  stratified: true,
  seed: 1,
  onDuplicates: 'warn',
};
const augmentation: AugmentationConfig = {
  transforms: [
    { type: 'horizontalFlip', probability: 0.5 },
    { type: 'grayscale', probability: 0.1 },
    { type: 'perspective', distortion: 0.5, probability: 0.5, interpolation: 'bilinear' },
    { type: 'rotation', degrees: 45, probability: 1, interpolation: 'nearest' },
  ],
  views: 2,
  seed: 1,
};
const id = augmentationId(augmentation);
const context = testContext();
let index: DatasetIndex;

beforeAll(async () => {
  const fingerprint = await fingerprintSource(config, { cacheFolder: '' }, context);
  index = await prepareDataset(
    { config, datasetId: 'data', sourceSha256: fingerprint.sha256 },
    { cacheFolder: '' },
    context,
  );
  await prepareViews({ index, augmentation }, context);
});

const viewIndex = (view: number) => readJson(context.store, keys.viewIndex('data', id, view), viewIndexSchema);

const IMAGE_BYTES = 32 * 32 * 3;
const imageOf = (images: Uint8Array, i: number) => Buffer.from(images.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES));

async function readView(view: number) {
  const record = await viewIndex(view);
  return readShard(context.store, record?.shards[0] as never, index);
}

test('a view holds the training images in their order, nearly all changed', async () => {
  const original = await readShard(context.store, index.splits.train.shards[0] as never, index);
  const first = await readView(1);
  expect(first.ids).toEqual(original.ids);
  expect(first.labels).toEqual(original.labels);
  const changed = Array.from(first.ids).filter((_, i) => !imageOf(first.images, i).equals(imageOf(original.images, i)));
  // A rotation by less than 1.8 degrees moves no pixel by half a pixel.
  expect(changed.length).toBeGreaterThan(45);
  expect(sha256((await readView(2)).images)).not.toBe(sha256(first.images));
});

test('only missing views are prepared', async () => {
  const before = await viewIndex(1);
  await context.store.delete(before!.shards[0]!.key);
  await prepareViews({ index, augmentation: { ...augmentation, views: 3 } }, context);
  expect(await viewIndex(3)).toMatchObject({ view: 3, augmentationId: id, datasetId: 'data' });
  expect(await context.store.get(before!.shards[0]!.key)).toBeUndefined();
  await prepareViews({ index, augmentation: { ...augmentation, views: 3 } }, context);
  expect(context.events.at(-1)).toEqual({ type: 'reused', what: 'views', id });
});

test('what happens to an image depends only on seed, id, view and its own transforms', async () => {
  const { images, ids } = await readShard(context.store, index.splits.train.shards[0] as never, index);
  const all = augmentImages({ images, ids }, index.imageShape, augmentation, 5);
  const alone = augmentImages(
    { images: images.subarray(7 * IMAGE_BYTES, 8 * IMAGE_BYTES), ids: ids.subarray(7, 8) },
    index.imageShape,
    augmentation,
    5,
  );
  expect(alone).toEqual(all.subarray(7 * IMAGE_BYTES, 8 * IMAGE_BYTES));
  expect(sha256(augmentImages({ images, ids }, index.imageShape, { ...augmentation, seed: 2 }, 5))).not.toBe(
    sha256(all),
  );
  expect(sha256(augmentImages({ images, ids }, index.imageShape, { ...augmentation, transforms: [] }, 5))).toBe(
    sha256(images),
  );
});

test('a damaged training shard is named, and no view is made from it', async () => {
  const key = index.splits.train.shards[0]!.key;
  const bytes = await storedBytes(context.store, key);
  const other = testContext();
  await other.store.put(key, bytes.with(5000, bytes[5000]! ^ 1));
  await expect(prepareViews({ index, augmentation }, other)).rejects.toThrow(UserError);
  await expect(prepareViews({ index, augmentation }, other)).rejects.toThrow(new RegExp(`${key}.*damaged`));
  expect(await other.store.get(keys.viewIndex('data', id, 1))).toBeUndefined();
});

test('stopping leaves the view without its index', async () => {
  const stopping = testContext(context.store);
  stopping.abort();
  await expect(prepareViews({ index, augmentation: { ...augmentation, seed: 9 } }, stopping)).rejects.toHaveProperty(
    'name',
    'AbortError',
  );
  expect(
    await context.store.get(keys.viewIndex('data', augmentationId({ ...augmentation, seed: 9 }), 1)),
  ).toBeUndefined();
});
