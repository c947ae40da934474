import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasetId, keys, MemoryStore, readShard, sha256, UserError, type DatasetConfig } from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import { FileStore } from '@bakeoff/core/file';
import { expect, test } from 'vitest';
import { fingerprintSource } from './sources/fingerprint-source.ts';
import { prepareDataset } from './prepare-dataset.ts';
import { keysOf, testContext } from './testing/context.ts';

const config: DatasetConfig = {
  source: 'synthetic',
  images: 120,
  testImages: 20,
  sourceSeed: 1,
  validation: 30,
  train: 50,
  stratified: true,
  seed: 1,
  onDuplicates: 'warn',
};
const options = { cacheFolder: 'unused' };

async function inputOf(settings: DatasetConfig) {
  const fingerprint = await fingerprintSource(settings, options, testContext());
  return { config: settings, datasetId: datasetId(settings, fingerprint.sha256, []), sourceSha256: fingerprint.sha256 };
}

test('the index counts, names and digests what the store holds', async () => {
  const context = testContext();
  const input = await inputOf(config);
  const index = await prepareDataset(input, options, context);
  expect(index).toMatchObject({
    formatVersion: 1,
    datasetId: input.datasetId,
    config,
    sourceSha256: input.sourceSha256,
    imageShape: [32, 32, 3],
  });
  expect([index.splits.train.count, index.splits.validation.count, index.splits.test.count]).toEqual([50, 30, 20]);
  for (const { shards, countsPerClass } of Object.values(index.splits)) {
    for (const shard of shards) {
      const { labels } = await readShard(context.store, shard, index);
      expect(shard.count).toBe(labels.length);
      expect(Array.from({ length: 10 }, (_, label) => labels.filter((value) => value === label).length)).toEqual(
        countsPerClass,
      );
    }
  }
  expect(await keysOf(context.store)).toEqual(
    [
      keys.datasetIndex(input.datasetId),
      keys.samples(input.datasetId),
      ...Object.values(index.splits).flatMap(({ shards }) => shards.map(({ key }) => key)),
    ].sort(),
  );
});

test('means and standard deviations are those of the training split', async () => {
  const context = testContext();
  const index = await prepareDataset(await inputOf(config), options, context);
  const { images } = await readShard(context.store, index.splits.train.shards[0] as never, index);
  const red = images.filter((_, i) => i % 3 === 0);
  const mean = red.reduce((sum, value) => sum + value / 255, 0) / red.length;
  const variance = red.reduce((sum, value) => sum + (value / 255 - mean) ** 2, 0) / red.length;
  expect(index.channelMeans[0]).toBeCloseTo(mean, 12);
  expect(index.channelStandardDeviations[0]).toBeCloseTo(Math.sqrt(variance), 12);
});

test('preparing again returns the existing index and touches nothing else', async () => {
  const context = testContext();
  const input = await inputOf(config);
  const index = await prepareDataset(input, options, context);
  for (const shard of index.splits.train.shards) await context.store.delete(shard.key);
  expect(await prepareDataset(input, options, context)).toEqual(index);
  expect(context.events.at(-1)).toEqual({ type: 'reused', what: 'dataset', id: input.datasetId });
  expect(await context.store.get(index.splits.train.shards[0]!.key)).toBeUndefined();
});

test('two preparations write the same bytes', async () => {
  const [first, second] = [new MemoryStore(), new MemoryStore()];
  for (const store of [first, second]) await prepareDataset(await inputOf(config), options, testContext(store));
  for (const key of await keysOf(first))
    expect(sha256(await storedBytes(first, key))).toBe(sha256(await storedBytes(second, key)));
});

test('the training subset does not move validation or test images', async () => {
  const whole = await prepareDataset(await inputOf({ ...config, train: null }), options, testContext());
  const subset = await prepareDataset(await inputOf(config), options, testContext());
  expect(whole.splits.train.count).toBe(90);
  for (const split of ['validation', 'test'] as const)
    expect(whole.splits[split].shards.map((shard) => shard.sha256)).toEqual(
      subset.splits[split].shards.map((shard) => shard.sha256),
    );
});

test('a split that the source cannot fill, or a different source, writes nothing', async () => {
  const context = testContext();
  await expect(prepareDataset(await inputOf({ ...config, train: 91 }), options, context)).rejects.toThrow(UserError);
  await expect(
    prepareDataset({ ...(await inputOf(config)), sourceSha256: sha256('other') }, options, context),
  ).rejects.toThrow(/has changed since the plan/);
  expect(await keysOf(context.store)).toEqual([]);
});

test('the official archive is refused for a plan made with another one', async () => {
  const cifar10: DatasetConfig = {
    source: 'cifar10',
    validation: 5000,
    train: null,
    stratified: true,
    seed: 1,
    onDuplicates: 'warn',
  };
  await expect(
    prepareDataset({ config: cifar10, datasetId: 'a', sourceSha256: sha256('other') }, options, testContext()),
  ).rejects.toThrow(/not the official one[^]*--archive PATH/);
});

test('a disk that fills up leaves no index', async () => {
  /** Accepts three objects, then fails like a full disk. */
  class SmallStore extends MemoryStore {
    private writes = 0;
    override async put(key: string, body: Uint8Array): Promise<void> {
      if (++this.writes > 2) throw new UserError({ what: `cannot write ${key}: the disk is full`, received: 'ENOSPC' });
      await super.put(key, body);
    }
  }
  const context = testContext(new SmallStore());
  const input = await inputOf(config);
  await expect(prepareDataset(input, options, context)).rejects.toThrow(/the disk is full/);
  expect(await context.store.get(keys.datasetIndex(input.datasetId))).toBeUndefined();
});

test('a store that is a file is reported', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bakeoff-store-'));
  await writeFile(join(folder, 'store'), '');
  await expect(
    prepareDataset(await inputOf(config), options, testContext(new FileStore(join(folder, 'store')))),
  ).rejects.toThrow(UserError);
  await rm(folder, { recursive: true });
});

test('stopping leaves no index, and the next call finishes', async () => {
  const context = testContext();
  const input = await inputOf(config);
  context.abort();
  await expect(prepareDataset(input, options, context)).rejects.toHaveProperty('name', 'AbortError');
  expect(await context.store.get(keys.datasetIndex(input.datasetId))).toBeUndefined();
  expect((await prepareDataset(input, options, testContext(context.store))).splits.train.count).toBe(50);
});
