import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasetId, readShard, sha256, UserError, type DatasetConfig } from '@bakeoff/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fingerprintSource } from '../fingerprint-source.ts';
import { prepareDataset } from '../../prepare-dataset.ts';
import { BATCH_FILES, makeBatch, writeArchive, writeCifar10Archive } from '../../testing/archive.ts';
import { keysOf, testContext } from '../../testing/context.ts';
import { PIXEL_BYTES as IMAGE_BYTES } from './cifar-dialect.ts';
import { CIFAR10, CIFAR10_CLASSES } from './cifar10-dialect.ts';
import { readCifarArchive } from './read-cifar-archive.ts';

let folder: string;
let whole: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-archive-'));
  whole = join(folder, 'whole.tar.gz');
  await writeCifar10Archive(whole);
});
afterAll(() => rm(folder, { recursive: true }));

const config: DatasetConfig = {
  source: 'cifar10',
  validation: 5000,
  train: 1000,
  stratified: true,
  seed: 3,
  onDuplicates: 'warn',
};

const readArchive = (path: string, context = testContext()) => readCifarArchive(CIFAR10, path, context);

/** The message of reading `path`, after checking that it is a UserError. */
async function refusal(path: string): Promise<string> {
  const error: unknown = await readArchive(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

test('an archive becomes splits of the requested sizes, with interleaved pixels and ids by place in the archive', async () => {
  const context = testContext();
  const options = { archive: whole, cacheFolder: folder };
  const { sha256: sourceSha256, ...fingerprint } = await fingerprintSource(config, options, context);
  expect(sourceSha256).toBe(sha256(await readFile(whole)));
  expect(context.events).toContainEqual({
    type: 'warning',
    text: `${whole} is not the official CIFAR-10 archive: its dataset and runs have other ids than without --archive PATH or BAKEOFF_CIFAR10`,
  });
  expect(fingerprint).toEqual({
    trainImages: 50_000,
    testImages: 10_000,
    classes: CIFAR10_CLASSES,
    imageShape: [32, 32, 3],
  });

  const index = await prepareDataset(
    { config, datasetId: datasetId(config, sourceSha256, []), sourceSha256 },
    options,
    context,
  );
  expect(index.splits.train.countsPerClass).toEqual(Array.from({ length: 10 }, () => 100));
  expect(index.splits.validation.countsPerClass).toEqual(Array.from({ length: 10 }, () => 500));
  expect(index.splits.test.shards.map(({ count }) => count)).toEqual([5000, 5000]);

  const train = await readShard(context.store, index.splits.train.shards[0] as never, index);
  const place = 777;
  const id = train.ids[place]!;
  const [i, batch] = [id % 10_000, Math.floor(id / 10_000)];
  const image = train.images.subarray(place * IMAGE_BYTES, (place + 1) * IMAGE_BYTES);
  const color = [i % 256, Math.floor(i / 256), batch];
  expect(train.labels[place]).toBe(i % 10);
  expect(Array.from(image.subarray(0, 9))).toEqual([...color.map((value) => 255 - value), ...color, ...color]);
  expect(Array.from(image.subarray(-3))).toEqual(color);

  const test = await readShard(context.store, index.splits.test.shards[1] as never, index);
  expect([test.ids[0], test.labels[7], test.images[5]]).toEqual([5000, 7, 5]);
});

test('an archive cut short is refused, and nothing is left that a later run would trust', async () => {
  const path = join(folder, 'short.tar.gz');
  await writeFile(path, await readFile(whole));
  await truncate(path, 400_000);
  const context = testContext();
  const options = { archive: path, cacheFolder: folder };
  const { sha256: sourceSha256 } = await fingerprintSource(config, options, context);
  await expect(prepareDataset({ config, datasetId: 'a', sourceSha256 }, options, context)).rejects.toThrow(
    /damaged, cut short, or not a \.tar\.gz[^]*unexpected end of file/,
  );
  expect(await keysOf(context.store)).toEqual([]);
});

test('an archive with one wrong byte is refused', async () => {
  const path = join(folder, 'flipped.tar.gz');
  await writeArchive(path, [['x/data_batch_1.bin', makeBatch(0)]]);
  const bytes = await readFile(path);
  // The byte is in the checksum, because with pixels as uniform as these a byte elsewhere may change nothing.
  const at = bytes.length - 6;
  bytes[at] = bytes[at]! ^ 1;
  await writeFile(path, bytes);
  expect(await refusal(path)).toMatch(/is damaged[^]*incorrect data check/);
});

test('an archive other than the planned one is refused', async () => {
  const context = testContext();
  await expect(
    prepareDataset(
      { config, datasetId: 'a', sourceSha256: sha256('other') },
      { archive: whole, cacheFolder: folder },
      context,
    ),
  ).rejects.toThrow(/not the one the plan was made with/);
  expect(await keysOf(context.store)).toEqual([]);
});

test('a file that is not gzip, or gzip but not tar, is refused', async () => {
  const text = join(folder, 'text.tar.gz');
  await writeFile(text, 'not an archive\n'.repeat(100));
  expect(await refusal(text)).toMatch(/not a \.tar\.gz[^]*incorrect header check/);
});

test('another tar is refused, naming what it holds and what is missing', async () => {
  const path = join(folder, 'other.tar.gz');
  await writeArchive(path, [['cifar-100-binary/train.bin', new Uint8Array(5000)]]);
  expect(await refusal(path)).toMatch(/lacks data_batch_1\.bin, .*test_batch\.bin[^]*cifar-100-binary\/train\.bin/);
});

test('a missing batch is named', async () => {
  const path = join(folder, 'missing.tar.gz');
  await writeArchive(path, [[`x/${BATCH_FILES[0]}`, makeBatch(0)]]);
  expect(await refusal(path)).toMatch(/lacks data_batch_2\.bin/);
});

test('a batch of another size is refused before its records are read', async () => {
  const path = join(folder, 'size.tar.gz');
  await writeArchive(path, [['x/data_batch_3.bin', new Uint8Array(10_000 * 3074)]]);
  expect(await refusal(path)).toMatch(/data_batch_3\.bin .* wrong size[^]*30740000 bytes[^]*30730000 bytes/);
});

test('a label above 9 is refused, naming its record', async () => {
  const path = join(folder, 'label.tar.gz');
  const batch = makeBatch(0);
  batch[4321 * 3073] = 10;
  await writeArchive(path, [['x/test_batch.bin', batch]]);
  expect(await refusal(path)).toMatch(/test_batch\.bin[^]*label 10 in record 4321/);
});

test('a missing file, or a folder in its place, is refused', async () => {
  expect(await refusal(join(folder, 'none.tar.gz'))).toMatch(/no such file or folder/);
  expect(await refusal(folder)).toMatch(/it is a folder/);
  await expect(fingerprintSource(config, { archive: folder, cacheFolder: folder }, testContext())).rejects.toThrow(
    UserError,
  );
});

test('stopping while unpacking ends with the abort, not with a claim about the archive', async () => {
  const context = testContext();
  const reading = readArchive(whole, context);
  context.abort();
  await expect(reading).rejects.toHaveProperty('name', 'AbortError');
});
