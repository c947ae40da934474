import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatasetIndex, encodeSafetensors, readShard } from '@bakeoff/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keysOf, testContext } from '../../testing/context.ts';
import { encodeNpy } from '../../testing/npy.ts';
import { prepareAs, refusal } from '../../testing/prepare.ts';
import { schema } from './settings.ts';

const DATA = join(import.meta.dirname, '../../testing/data');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-tensors-'));
  for (const name of ['numpy.npz', 'numpy-stored.npz']) await copyFile(join(DATA, name), join(folder, name));
});
afterAll(() => rm(folder, { recursive: true }));

const prepare = (settings: Record<string, string | number | readonly string[]>, context = testContext()) =>
  prepareAs(
    { ...schema.parse({ source: 'tensors', validation: 2, ...settings }), source: 'tensors' },
    { cacheFolder: join(folder, 'cache'), folder },
    context,
  );

/** The message for a file of this content, after checking that nothing is left in the store. */
async function saidOf(name: string, content: Uint8Array, more: Record<string, string> = {}): Promise<string> {
  await writeFile(join(folder, name), content);
  const context = testContext();
  const message = await refusal(prepare({ path: name, ...more }, context));
  expect(await keysOf(context.store)).toEqual([]);
  return message;
}

const shardsOf = (index: DatasetIndex) =>
  Object.values(index.splits).flatMap(({ shards }) => shards.map((shard) => shard.sha256));

test('an .npz of NumPy, deflated or stored, is read to the pixel; a tenth is held out for each split', async () => {
  const context = testContext();
  const index = await prepareAs(
    { ...schema.parse({ source: 'tensors', path: 'numpy.npz' }), source: 'tensors' },
    { cacheFolder: folder, folder },
    context,
  );
  expect([index.imageShape, index.classes]).toEqual([
    [5, 4, 3],
    ['0', '1', '2'],
  ]);
  const { train, validation, test } = index.splits;
  expect([train.count, validation.count, test.count]).toEqual([16, 2, 2]);
  expect(index.config['path']).toBe('numpy.npz');
  const stored = await prepare({ path: 'numpy-stored.npz' });
  expect(shardsOf(stored)).toEqual(shardsOf(index));
});

test('test tensors of the same file are named; their labels may be a column', async () => {
  const context = testContext();
  const names = { testImagesName: 'x_test', testLabelsName: 'y_test', classes: ['a', 'b', 'c'] };
  const index = await prepare({ path: 'numpy.npz', ...names }, context);
  expect([index.splits.train.count, index.splits.test.countsPerClass]).toEqual([18, [2, 2, 2]]);

  const again = await prepare({ path: 'numpy.npz', testImagesName: 'images', testLabelsName: 'labels' }, context);
  const { images, labels } = await readShard(context.store, again.splits.test.shards[0]!, again);
  // NumPy: images[7].ravel()[:6], labels[7]
  expect([...images.subarray(7 * 60, 7 * 60 + 6), labels[7]]).toEqual([154, 29, 43, 15, 24, 6, 1]);
});

test('.safetensors and .npy hold the same data set as .npz', async () => {
  const pixels = Uint8Array.from({ length: 20 * 12 }, (_, i) => (i * 53) % 256);
  const labels = Int32Array.from({ length: 20 }, (_, i) => i % 2);
  await writeFile(
    join(folder, 'gray.safetensors'),
    encodeSafetensors({ x: { shape: [20, 3, 4], data: pixels }, y: { shape: [20], data: labels } }),
  );
  await writeFile(join(folder, 'x.npy'), encodeNpy('|u1', [20, 3, 4, 1], pixels));
  await writeFile(join(folder, 'y.npy'), encodeNpy('<i4', [20], new Uint8Array(labels.buffer)));
  const first = await prepare({ path: 'gray.safetensors', images: 'x', labels: 'y', testImages: 4 });
  const second = await prepare({ path: 'x.npy', labelsPath: 'y.npy', testImages: 4 });
  expect(first.imageShape).toEqual([3, 4, 1]);
  expect(first.channelMeans).toHaveLength(1);
  expect(shardsOf(second)).toEqual(shardsOf(first));
  expect(second.splits.test.count).toBe(4);
});

test('files cut short or damaged are named, and so are other files', async () => {
  const npz = await readFile(join(DATA, 'numpy.npz'));
  expect(await saidOf('short.npz', npz.subarray(0, npz.length - 30))).toMatch(
    /short\.npz is not a whole \.npz[^]*cut short/,
  );
  const flipped = Buffer.from(await readFile(join(DATA, 'numpy-stored.npz')));
  const at = flipped.indexOf('NUMPY') + 300;
  flipped[at] = flipped[at]! ^ 1;
  expect(await saidOf('flipped.npz', flipped)).toMatch(/images\.npy in .*flipped\.npz[^]*wrong checksum/);
  const npy = encodeNpy('|u1', [9, 2, 2], new Uint8Array(36));
  expect(await saidOf('lying.npy', encodeNpy('|u1', [99, 2, 2], new Uint8Array(36)), { labelsPath: 'y.npy' })).toMatch(
    /20 labels[^]*99, one per image/,
  );
  await writeFile(join(folder, 'y9.npy'), encodeNpy('|u1', [9], new Uint8Array(9)));
  expect(await saidOf('less.npy', npy.subarray(0, npy.length - 3), { labelsPath: 'y9.npy' })).toMatch(
    /less\.npy is not a whole \.npy file[^]*33 bytes of data; 36 belong to shape \[9, 2, 2\]/,
  );
  expect(await saidOf('other.npy', Buffer.from('PK\u0003\u0004 and so on, to be long enough'))).toMatch(
    /begins with 504b0304/,
  );
  const file = encodeSafetensors({ images: { shape: [9, 2, 2], data: new Uint8Array(36) } });
  expect(await saidOf('short.safetensors', file.subarray(0, file.length - 1))).toMatch(
    /images, shape \[9, 2, 2\], at bytes 0–36 of 35/,
  );
  expect(await saidOf('data.hdf5', npz)).toMatch(/\.hdf5[^]*\.npy, \.npz, \.safetensors/);
});

test('tensors of another type, shape or name are named with what to do', async () => {
  const bytes = new Uint8Array(20 * 48);
  const labels = { labelsPath: 'y.npy' };
  await writeFile(join(folder, 'y.npy'), encodeNpy('<i8', [20], new Uint8Array(160)));
  expect(await saidOf('a.npy', encodeNpy('<f4', [20, 2, 6], bytes), labels)).toMatch(/<f4 \[20, 2, 6\][^]*\* 255/);
  expect(await saidOf('a.npy', encodeNpy('|u1', [20, 3, 4, 4], bytes), labels)).toMatch(/transpose\(0, 2, 3, 1\)/);
  expect(await saidOf('a.npy', encodeNpy('|u1', [20, 4, 4, 3], bytes, true), labels)).toMatch(/ascontiguousarray/);
  expect(await saidOf('a.npy', encodeNpy('|u1', [1, 300, 1], new Uint8Array(300)), labels)).toMatch(/up to 256×256/);
  expect(await saidOf('a.npy', encodeNpy('|u1', [20], new Uint8Array(20)), labels)).toMatch(
    /images and labels swapped/,
  );
  await writeFile(join(folder, 'hot.npy'), encodeNpy('|u1', [20, 10], new Uint8Array(200)));
  expect(await saidOf('a.npy', encodeNpy('|u1', [20, 4, 4, 3], bytes), { labelsPath: 'hot.npy' })).toMatch(
    /argmax\(1\)/,
  );
  expect(await refusal(prepare({ path: 'numpy.npz', images: 'x' }))).toMatch(
    /no tensor "x"[^]*images, labels, x_test, y_test/,
  );
  expect(await refusal(prepare({ path: 'numpy.npz', classes: ['a', 'b'] }))).toMatch(/label 2 of image 2[^]*0 to 1/);
  expect(await refusal(prepare({ path: 'none.npz' }))).toContain(`${join(folder, 'none.npz')} (ENOENT`);
});

const issueOf = (settings: object) =>
  schema.safeParse({ source: 'tensors', path: 'a.npz', ...settings }).error?.issues[0]?.path;

test('settings that contradict each other are refused before any file is read', () => {
  expect(issueOf({ testPath: 'b.npz', testImages: 3 })).toEqual(['testImages']);
  expect(issueOf({ testImagesName: 'x_test' })).toEqual(['testImagesName']);
  expect(issueOf({ testLabelsName: 'y_test' })).toEqual(['testLabelsName']);
  expect(issueOf({ classes: ['a', 'a'] })).toEqual(['classes']);
  expect(issueOf({})).toBeUndefined();
});
