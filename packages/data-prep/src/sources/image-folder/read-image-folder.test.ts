import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasetId, readShard, UserError, type DatasetConfig, type DatasetIndex } from '@bakeoff/core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fingerprintSource } from '../fingerprint-source.ts';
import { prepareDataset } from '../../prepare-dataset.ts';
import { keysOf, testContext } from '../../testing/context.ts';
import { imageFolder } from './image-folder.ts';

let root: string;
let folder: string;
let count = 0;
const IMAGE_BYTES = 32 * 32 * 3;

/** An image of two colors, left and right of the middle. */
async function writeImage(path: string, width: number, height: number, left: string, right: string): Promise<void> {
  const half = await sharp({ create: { width: width / 2, height, channels: 3, background: right } })
    .png()
    .toBuffer();
  await sharp({ create: { width, height, channels: 3, background: left } })
    .composite([{ input: half, left: width / 2, top: 0 }])
    .toFile(path);
}

async function writeFolder(path: string, perClass: number): Promise<void> {
  for (const [k, name] of ['bird', 'ant', 'cat'].entries()) {
    await mkdir(join(path, name), { recursive: true });
    for (let i = 0; i < perClass; i++)
      await writeImage(
        join(path, name, `${i}.${i % 2 === 0 ? 'png' : 'jpg'}`),
        64,
        64,
        `rgb(${k * 50 + 5}, ${i * 3}, 9)`,
        'white',
      );
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bakeoff-images-'));
});
beforeEach(async () => {
  folder = join(root, `images-${count++}`);
  await writeFolder(folder, 8);
});
afterAll(() => rm(root, { recursive: true }));

const configOf = (more: Record<string, string | number | undefined> = {}): DatasetConfig => ({
  source: 'image-folder',
  path: folder,
  testImages: 6,
  validation: 3,
  train: null,
  stratified: true,
  seed: 1,
  onDuplicates: 'warn',
  ...more,
});

async function prepare(config: DatasetConfig, context = testContext()): Promise<DatasetIndex> {
  const { sha256 } = await fingerprintSource(config, { cacheFolder: root }, context);
  return prepareDataset(
    { config, datasetId: datasetId(config, sha256, imageFolder.paths), sourceSha256: sha256 },
    { cacheFolder: root },
    context,
  );
}

async function refusal(preparing: Promise<unknown>): Promise<string> {
  const error: unknown = await preparing.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

test('classes are the folders by name, and a stratified part is held out as the test split, the same for every split seed', async () => {
  const context = testContext();
  const index = await prepare(configOf(), context);
  expect(index.classes).toEqual(['ant', 'bird', 'cat']);
  expect(index.splits.test.countsPerClass).toEqual([2, 2, 2]);
  expect(index.splits.validation.countsPerClass).toEqual([1, 1, 1]);
  expect(index.splits.train.countsPerClass).toEqual([5, 5, 5]);
  const reseeded = await prepare(configOf({ seed: 2 }));
  expect(reseeded.splits.test.shards[0]?.sha256).toBe(index.splits.test.shards[0]?.sha256);
  expect(reseeded.splits.validation.shards[0]?.sha256).not.toBe(index.splits.validation.shards[0]?.sha256);
});

test('images are scaled to cover 32×32 about their center', async () => {
  await rm(join(folder, 'ant'), { recursive: true });
  await mkdir(join(folder, 'ant'));
  // Twice as wide as high: the middle half is kept, so the border between the colors stays in the middle.
  for (const i of [1, 2, 3, 4])
    await writeImage(join(folder, 'ant', `${i}.png`), 256, 128, 'rgb(200, 100, 0)', 'rgb(0, 0, 255)');
  const context = testContext();
  const index = await prepare(configOf({ testImages: 3 }), context);
  const { images, labels } = await readShard(context.store, index.splits.train.shards[0] as never, index);
  const first = labels.indexOf(0) * IMAGE_BYTES;
  expect(Array.from(images.subarray(first, first + 3))).toEqual([200, 100, 0]);
  expect(Array.from(images.subarray(first + 31 * 96 + 93, first + IMAGE_BYTES))).toEqual([0, 0, 255]);
});

test('the index is the same wherever the folder lies, and follows its files', async () => {
  const moved = join(root, 'elsewhere', folder.split('/').at(-1)!);
  await mkdir(join(root, 'elsewhere'), { recursive: true });
  await symlink(folder, moved);
  const here = await prepare(configOf());
  expect(await prepare(configOf({ path: moved }))).toEqual(here);
  await writeImage(join(folder, 'cat', 'new.png'), 32, 32, 'red', 'blue');
  expect((await prepare(configOf())).datasetId).not.toBe(here.datasetId);
});

test('a folder of test images is used unchanged', async () => {
  const testPath = join(root, `test-${count++}`);
  await writeFolder(testPath, 2);
  const { splits } = await prepare(configOf({ testPath, testImages: undefined }));
  expect([splits.train.count, splits.validation.count, splits.test.count]).toEqual([21, 3, 6]);
  await rm(join(testPath, 'cat'), { recursive: true });
  expect(await refusal(prepare(configOf({ testPath, testImages: undefined })))).toMatch(
    /different classes[^]*ant, bird\n[^]*ant, bird, cat/,
  );
});

test('a file that is not an image is named, and nothing is left that a later run would trust', async () => {
  await writeFile(join(folder, 'cat', 'broken.png'), 'not a picture');
  const context = testContext();
  expect(await refusal(prepare(configOf(), context))).toMatch(/cannot decode the image .*cat\/broken\.png/);
  expect(await keysOf(context.store)).toEqual([]);
});

test('files of other kinds are left out with a warning, and the record names them', async () => {
  await writeFile(join(folder, 'cat', 'notes.txt'), 'x');
  const context = testContext();
  const { splits, findings } = await prepare(configOf(), context);
  expect(splits.train.count).toBe(15);
  expect(findings[0]).toMatchObject({ kind: 'leftOut', files: { count: 1, first: ['cat/notes.txt'] } });
  expect(context.events).toContainEqual(
    expect.objectContaining({ type: 'warning', text: expect.stringContaining('(cat/notes.txt)') as string }),
  );
});

test('a copy of the training images as test images is counted in the record and said each time', async () => {
  const testPath = join(root, `copy-${count++}`);
  await writeFolder(testPath, 8);
  const config = configOf({ testPath, testImages: undefined });
  const [first, again] = [testContext(), testContext()];
  const { findings } = await prepare(config, first);
  const shared = findings.filter(({ kind }) => kind === 'sharedImages');
  expect(shared).toMatchObject([
    { split: 'test', also: 'train', images: 21, of: 24 },
    { split: 'test', also: 'validation', images: 3, of: 24 },
  ]);
  await prepare(config, { ...again, store: first.store });
  const said = ({ events }: typeof first) => events.filter(({ type }) => type === 'warning');
  expect(said(first).length).toBe(findings.length);
  expect(said(again)).toEqual(said(first));
  expect(await refusal(prepare({ ...config, onDuplicates: 'refuse' }))).toMatch(/the dataset has duplicates/);
});

test('files that change between planning and preparation are refused', async () => {
  const config = configOf();
  const context = testContext();
  const { sha256 } = await fingerprintSource(config, { cacheFolder: root }, context);
  await rm(join(folder, 'cat', '0.png'));
  expect(
    await refusal(prepareDataset({ config, datasetId: 'a', sourceSha256: sha256 }, { cacheFolder: root }, context)),
  ).toMatch(/has changed since the plan/);
});

test('folders without classes, without images, missing or with too many classes are refused', async () => {
  const empty = join(root, 'empty');
  await mkdir(empty);
  expect(await refusal(prepare(configOf({ path: empty })))).toMatch(/no classes/);
  await mkdir(join(empty, 'cat'));
  expect(await refusal(prepare(configOf({ path: empty })))).toMatch(/class cat has no images/);
  expect(await refusal(prepare(configOf({ path: join(root, 'none') })))).toMatch(/no such file or folder/);
  expect(await refusal(prepare(configOf({ testImages: 24 })))).toMatch(/1 to 23/);
  for (let i = 0; i < 257; i++) await mkdir(join(empty, `class-${i}`));
  expect(await refusal(prepare(configOf({ path: empty })))).toMatch(/too many classes[^]*1 to 256/);
});

test('size, fit and gray say how images get to one shape', async () => {
  await rm(join(folder, 'ant'), { recursive: true });
  await mkdir(join(folder, 'ant'));
  for (const i of [1, 2, 3, 4]) await writeImage(join(folder, 'ant', `${i}.png`), 80, 40, 'rgb(10, 20, 40)', 'white');
  const antOf = async (more: Record<string, string | number>) => {
    const context = testContext();
    const index = await prepare(configOf({ testImages: 3, ...more }), context);
    const { images, labels } = await readShard(context.store, index.splits.train.shards[0]!, index);
    const bytes = index.imageShape.reduce((product, extent) => product * extent, 1);
    const first = labels.indexOf(0) * bytes;
    return { shape: index.imageShape, pixel: (at: number) => [...images.subarray(first + at, first + at + 3)] };
  };
  const pad = await antOf({ size: 64, fit: 'pad' });
  expect(pad.shape).toEqual([64, 64, 3]);
  // 80×40 becomes 64×32: black above and below, the picture in the middle.
  expect([pad.pixel(15 * 64 * 3), pad.pixel(17 * 64 * 3), pad.pixel(49 * 64 * 3)]).toEqual([
    [0, 0, 0],
    [10, 20, 40],
    [0, 0, 0],
  ]);
  const resized = await antOf({ size: 16, fit: 'resize', color: 'gray' });
  expect(resized.shape).toEqual([16, 16, 1]);
  // (19595 × 10 + 38470 × 20 + 7471 × 40 + 2¹⁵) >> 16
  expect(resized.pixel(0)).toEqual([19, 19, 19]);
  expect((await prepare(configOf({ size: 32, fit: 'crop', color: 'rgb' }))).imageShape).toEqual([32, 32, 3]);
});

test('a tenth is held out for the test and a tenth for validation unless the manifest says how many', async () => {
  const context = testContext();
  const { validation: _validation, ...settings } = configOf({ testImages: undefined });
  const fingerprint = await fingerprintSource(settings, { cacheFolder: root }, context);
  expect(fingerprint).toMatchObject({ trainImages: 22, testImages: 2, validationByDefault: 2 });
});

test('paths start from the folder that the caller names, and messages show where that led', async () => {
  const config = configOf({ path: folder.split('/').at(-1)! });
  const of = (base: string) => fingerprintSource(config, { cacheFolder: root, folder: base }, testContext());
  expect((await of(root)).trainImages).toBe(18);
  expect(await refusal(of(join(root, 'other')))).toContain(join(root, 'other', folder.split('/').at(-1)!));
});
