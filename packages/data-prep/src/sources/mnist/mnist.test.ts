import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readShard, sha256 } from '@bakeoff/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keysOf, testContext } from '../../testing/context.ts';
import { encodeIdx, makeIdxParts, writeIdxFolder } from '../../testing/idx.ts';
import { prepareAs, refusal } from '../../testing/prepare.ts';
import { fingerprintSource } from '../fingerprint-source.ts';

let root: string;
let folder: string;
const parts = makeIdxParts(60, 20);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bakeoff-idx-'));
  folder = join(root, 'raw');
  await writeIdxFolder(folder, parts);
});
afterEach(() => rm(root, { recursive: true }));

const prepare = (source = 'fashion-mnist', context = testContext()) =>
  prepareAs({ source, validation: 20 }, { archive: folder, cacheFolder: root }, context);

/** What is said of a folder in which one file has other content; nothing may be left in the store. */
async function saidOf(name: string, content: Buffer): Promise<string> {
  await writeIdxFolder(folder, parts);
  await writeFile(join(folder, name), content);
  const context = testContext();
  const message = await refusal(prepare('mnist', context));
  expect(await keysOf(context.store)).toEqual([]);
  return message;
}

test('the four files become gray images of 28×28 with statistics of one channel', async () => {
  const context = testContext();
  const index = await prepare('fashion-mnist', context);
  expect(index.imageShape).toEqual([28, 28, 1]);
  expect(index.classes.at(-1)).toBe('Ankle boot');
  expect([index.splits.train.count, index.splits.validation.count, index.splits.test.count]).toEqual([40, 20, 20]);
  const { images, labels } = await readShard(context.store, index.splits.test.shards[0]!, index);
  expect([...images.subarray(2 * 784, 2 * 784 + 3)]).toEqual([17, 18, 19]);
  expect([...labels.subarray(8, 12)]).toEqual([8, 9, 0, 1]);

  const train = await readShard(context.store, index.splits.train.shards[0]!, index);
  const mean = train.images.reduce((sum, value) => sum + value, 0) / train.images.length / 255;
  expect(index.channelMeans).toHaveLength(1);
  expect(index.channelMeans[0]).toBeCloseTo(mean, 12);
  expect(index.findings).toContainEqual(expect.objectContaining({ kind: 'unofficialArchive' }));
});

test('the official files are known without a download: 60,000 and 10,000 images', async () => {
  for (const source of ['mnist', 'fashion-mnist']) {
    const settings = {
      source,
      validation: 5000,
      train: null,
      stratified: true,
      seed: 1,
      onDuplicates: 'warn',
    } as const;
    expect(await fingerprintSource(settings, { cacheFolder: root }, testContext())).toMatchObject({
      trainImages: 60_000,
      testImages: 10_000,
      imageShape: [28, 28, 1],
    });
  }
});

test('files without .gz, and with a dot in their names, are read', async () => {
  const { splits } = await prepare();
  for (const file of await readdir(folder)) {
    const content = gunzipSync(await readFile(join(folder, file)));
    await rm(join(folder, file));
    await writeFile(join(folder, file.replace('.gz', '').replace('-idx', '.idx')), content);
  }
  expect((await prepare()).splits.train.shards[0]?.sha256).toBe(splits.train.shards[0]?.sha256);
});

test('images for labels, and labels for images, are named by what they are', async () => {
  expect(await saidOf('train-labels-idx1-ubyte.gz', gzipSync(parts.trainImages))).toMatch(
    /train-labels-idx1-ubyte\.gz is not a whole IDX file of labels[^]*0x00000803: a file of images[^]*0x00000801/,
  );
  expect(await saidOf('t10k-images-idx3-ubyte.gz', gzipSync(parts.testLabels))).toMatch(
    /t10k-images-idx3-ubyte\.gz is not a whole IDX file of images[^]*0x00000801: a file of labels/,
  );
});

test('counts that lie, in either direction and beyond all memory, are named', async () => {
  const pixels = parts.testImages.subarray(16);
  expect(await saidOf('t10k-images-idx3-ubyte.gz', gzipSync(encodeIdx([21, 28, 28], pixels)))).toMatch(
    /15680 bytes after the header[^]*16464 bytes, as its counts 21×28×28 say/,
  );
  expect(await saidOf('t10k-images-idx3-ubyte.gz', gzipSync(encodeIdx([19, 28, 28], pixels)))).toMatch(
    /15680 bytes after the header[^]*14896 bytes/,
  );
  expect(await saidOf('t10k-images-idx3-ubyte.gz', gzipSync(encodeIdx([0xffffffff, 28, 28], pixels)))).toMatch(
    /counts 4294967295×28×28/,
  );
  // Little-endian counts, as some writers make them.
  const little = encodeIdx([20, 28, 28], pixels);
  for (let at = 4; at < 16; at += 4) little.subarray(at, at + 4).reverse();
  expect(await saidOf('t10k-images-idx3-ubyte.gz', gzipSync(little))).toMatch(/images of 469762048×469762048/);
});

test('files cut short, damaged, of another shape, or swapped between training and test are named', async () => {
  const packed = gzipSync(parts.trainImages);
  expect(await saidOf('train-images-idx3-ubyte.gz', packed.subarray(0, packed.length - 9))).toMatch(
    /train-images-idx3-ubyte\.gz is damaged or cut short[^]*unexpected end of file/,
  );
  expect(await saidOf('train-images-idx3-ubyte.gz', packed.subarray(0, 1))).toMatch(/1 bytes/);
  expect(await saidOf('train-images-idx3-ubyte.gz', gzipSync(encodeIdx([60, 32, 32], Buffer.alloc(61_440))))).toMatch(
    /images of 32×32[^]*images of 28×28/,
  );
  await writeIdxFolder(folder, { ...parts, trainLabels: parts.testLabels });
  expect(await refusal(prepare())).toMatch(/20 labels for 60 images[^]*train with train, t10k with t10k/);
  await writeIdxFolder(folder, { ...parts, testLabels: encodeIdx([20], new Uint8Array(20).fill(10)) });
  expect(await refusal(prepare())).toMatch(/label 10 of image 0[^]*0 to 9/);
});

test('missing files are named together, and a folder that is not there with its path', async () => {
  await rm(join(folder, 'train-labels-idx1-ubyte.gz'));
  await rename(join(folder, 't10k-images-idx3-ubyte.gz'), join(folder, 'other'));
  expect(await refusal(prepare())).toMatch(/lacks train-labels-idx1-ubyte\.gz, t10k-images-idx3-ubyte\.gz/);
  folder = join(root, 'none');
  expect(await refusal(prepare())).toMatch(new RegExp(`${folder}.*no such file or folder`));
});

test('the digest is over the files as they are', async () => {
  const context = testContext();
  const { sourceSha256 } = await prepare('mnist', context);
  const digests = await Promise.all(
    ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'].map(
      async (name) => {
        const content = await readFile(join(folder, `${name}.gz`));
        return [name, createHash('sha256').update(content).digest('hex')];
      },
    ),
  );
  expect(sourceSha256).toBe(sha256(JSON.stringify(digests)));
});

test('real digits arrive upright and under their labels: class means tell most test images apart', async () => {
  folder = join(import.meta.dirname, '../../testing/data/digits');
  const context = testContext();
  const index = await prepareAs({ source: 'mnist', validation: 10 }, { archive: folder, cacheFolder: root }, context);
  const train = await readShard(context.store, index.splits.train.shards[0]!, index);
  const held = await readShard(context.store, index.splits.test.shards[0]!, index);
  const means = Array.from({ length: 10 }, () => new Float64Array(784));
  train.labels.forEach((label, i) => {
    for (let p = 0; p < 784; p++)
      means[label]![p]! += train.images[i * 784 + p]! / index.splits.train.countsPerClass[label]!;
  });
  const distance = (i: number, mean: Float64Array) =>
    mean.reduce((sum, value, p) => sum + (held.images[i * 784 + p]! - value) ** 2, 0);
  const nearest = (i: number) => {
    const distances = means.map((mean) => distance(i, mean));
    return distances.indexOf(Math.min(...distances));
  };
  const right = held.labels.reduce((sum, label, i) => sum + Number(nearest(i) === label), 0);
  expect(held.labels.length).toBe(60);
  expect(right).toBeGreaterThan(40);
});
