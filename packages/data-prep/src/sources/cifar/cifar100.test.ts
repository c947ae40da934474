import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readShard } from '@bakeoff/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBatch, makeCifar100Records, writeArchive, writeCifar100Archive } from '../../testing/archive.ts';
import { keysOf, testContext } from '../../testing/context.ts';
import { prepareAs, refusal } from '../../testing/prepare.ts';
import { CIFAR100_CLASSES } from './cifar100-dialect.ts';

let folder: string;
let whole: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-cifar100-'));
  whole = join(folder, 'whole.tar.gz');
  await writeCifar100Archive(whole, 400, 200);
});
afterAll(() => rm(folder, { recursive: true }));

const prepare = (archive: string, labels: 'fine' | 'coarse' = 'fine', context = testContext()) =>
  prepareAs({ source: 'cifar100', labels, validation: 100 }, { archive, cacheFolder: folder }, context);

/** What a damaged or wrong archive is told, after checking that it left nothing behind. */
async function refused(archive: string): Promise<string> {
  const context = testContext();
  const message = await refusal(prepare(archive, 'fine', context));
  expect(await keysOf(context.store)).toEqual([]);
  return message;
}

async function archiveOf(name: string, files: readonly (readonly [string, Uint8Array])[]): Promise<string> {
  const path = join(folder, `${name}.tar.gz`);
  await writeArchive(path, files);
  return path;
}

test('there are 100 fine and 20 coarse classes, all different', () => {
  expect(new Set(CIFAR100_CLASSES.fine).size).toBe(100);
  expect(new Set(CIFAR100_CLASSES.coarse).size).toBe(20);
});

test('records become images of RGB with the fine or the coarse label', async () => {
  const context = testContext();
  const fine = await prepare(whole, 'fine', context);
  expect(fine.classes).toHaveLength(100);
  expect(fine.splits.train.countsPerClass).toEqual(Array.from({ length: 100 }, () => 3));
  const { images, labels, ids } = await readShard(context.store, fine.splits.test.shards[0]!, fine);
  expect([ids[150], labels[150]]).toEqual([150, 50]);
  expect([...images.subarray(150 * 3072, 150 * 3072 + 6)]).toEqual([150, 0, 2, 150, 0, 2]);

  const coarse = await prepare(whole, 'coarse', context);
  expect(coarse.datasetId).not.toBe(fine.datasetId);
  expect(coarse.splits.test.countsPerClass).toEqual(Array.from({ length: 20 }, () => 10));
});

test('the archive of CIFAR-10 is recognized, and that of CIFAR-100 where CIFAR-10 was asked for', async () => {
  const ten = await archiveOf('ten', [['cifar-10-batches-bin/data_batch_1.bin', makeBatch(0)]]);
  expect(await refused(ten)).toMatch(/lacks train\.bin, test\.bin[^]*this looks like the archive of source cifar10/);
  const asTen = prepareAs({ source: 'cifar10', validation: 5 }, { archive: whole, cacheFolder: folder });
  expect(await refusal(asTen)).toMatch(/lacks data_batch_1\.bin[^]*this looks like the archive of source cifar100/);
});

test('records of another size, swapped labels, a missing file and an archive cut short are named', async () => {
  const test = ['x/test.bin', makeCifar100Records(20, 0)] as const;
  const records = await archiveOf('records', [['x/train.bin', new Uint8Array(3073 * 100)], test]);
  expect(await refused(records)).toMatch(/train\.bin .* wrong size[^]*307300 bytes[^]*whole records of 3074 bytes/);

  const swapped = makeCifar100Records(60, 0);
  for (let at = 0; at < swapped.length; at += 3074) swapped.subarray(at, at + 2).reverse();
  expect(await refused(await archiveOf('swapped', [['x/train.bin', swapped], test]))).toMatch(
    /x\/train\.bin in .* does not hold CIFAR-100 records[^]*coarse label 20 in record 20\n[^]*coarse labels 0 to 19, fine labels 0 to 99/,
  );
  expect(await refused(await archiveOf('half', [test]))).toMatch(/lacks train\.bin/);

  const short = join(folder, 'short.tar.gz');
  await writeFile(short, (await readFile(whole)).subarray(0, 2000));
  expect(await refused(short)).toMatch(/damaged, cut short, or not a \.tar\.gz/);
});
