import { type AugmentationConfig, type DatasetConfig, type DatasetIndex, imageBytes, readShard } from '@bakeoff/core';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { augmentImages } from '../augment/augment-images.ts';
import { prepareDataset } from '../prepare-dataset.ts';
import { fingerprintSource } from '../sources/fingerprint-source.ts';
import { testContext } from '../testing/context.ts';
import { drawable, drawText, textWidth } from './draw-text.ts';
import { previewDataset, shownName } from './preview-dataset.ts';

const config: DatasetConfig = {
  source: 'synthetic',
  images: 50,
  testImages: 10,
  sourceSeed: 1,
  validation: 10,
  train: null,
  stratified: true,
  seed: 1,
  onDuplicates: 'warn',
};
const context = testContext();
let index: DatasetIndex;

beforeAll(async () => {
  const { sha256: sourceSha256 } = await fingerprintSource(config, { cacheFolder: 'unused' }, context);
  index = await prepareDataset({ config, datasetId: 'data', sourceSha256 }, { cacheFolder: 'unused' }, context);
});

/** Where rows begin: the longest name of the classes, `crescent`, stands left of them. */
const LEFT = textWidth('crescent') + 12;

async function sheet(augmentation: AugmentationConfig | null) {
  const { png, width, height } = await previewDataset({ index, augmentation }, context);
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([width, height, 3]);
  /** The color of the pixel (x, y) of an image. */
  const colorAt = (column: number, row: number, x: number, y: number): number[] => {
    const at = ((6 + row * 102 + y * 3 + 1) * width + LEFT + column * 102 + x * 3 + 1) * 3;
    return Array.from(data.subarray(at, at + 3));
  };
  return { width, height, data, colorAt };
}

const bytes = imageBytes([32, 32, 3]);
const pixelOf = (image: Uint8Array, x: number, y: number) =>
  Array.from(image.subarray((y * 32 + x) * 3).subarray(0, 3));

async function trainingImages(label: number) {
  const { images, labels, ids } = await readShard(context.store, index.splits.train.shards[0]!, index);
  return Array.from(labels.keys())
    .filter((i) => labels[i] === label)
    .map((i) => ({ image: images.subarray(i * bytes, (i + 1) * bytes), ids: ids.subarray(i, i + 1) }));
}

test('without augmentation, a row per class holds its name and its training images', async () => {
  const { width, height, data, colorAt } = await sheet(null);
  expect([width, height]).toEqual([LEFT + 4 * 102 + 6, 10 * 102 + 6]);
  const images = await trainingImages(7);
  expect(images).toHaveLength(4);
  images.forEach(({ image }, column) => expect(colorAt(column, 7, 5, 20)).toEqual(pixelOf(image, 5, 20)));
  // Left of the row there is black text on white.
  const left = Array.from(
    { length: 14 * LEFT },
    (_, i) => data[((7 * 102 + 47 + Math.floor(i / LEFT)) * width + (i % LEFT)) * 3]!,
  );
  expect(new Set(left)).toEqual(new Set([0, 255]));
});

test('with augmentation, the first image of each class stands beside its views', async () => {
  const rotation = { type: 'rotation', degrees: 45, probability: 1, interpolation: 'nearest' } as const;
  const augmentation: AugmentationConfig = { transforms: [rotation], views: 4, seed: 1 };
  const { width, colorAt } = await sheet(augmentation);
  expect(width).toBe(LEFT + 5 * 102 + 6);
  const [first] = await trainingImages(3);
  const view = augmentImages({ images: first!.image, ids: first!.ids }, index.imageShape, augmentation, 2);
  expect(colorAt(0, 3, 10, 20)).toEqual(pixelOf(first!.image, 10, 20));
  expect(colorAt(2, 3, 16, 16)).toEqual(pixelOf(view, 16, 16));
});

test('a name is drawn without accents, a name in another script as the number of its class', () => {
  expect(drawable('café (Größe_1)')).toBe(undefined);
  expect([shownName('café', 0), shownName('cafe\u0301', 0), shownName('猫', 4)]).toEqual(['cafe', 'cafe', 'class 4']);
  expect(shownName('a class with quite a long name', 1)).toBe('a class with quite..');
});

test('letters are drawn as squares of two pixels', () => {
  const canvas = { pixels: new Uint8Array(12 * 14 * 3).fill(255), width: 12, height: 14 };
  drawText(canvas, 'L', 0, 0);
  const rows = Array.from({ length: 7 }, (_, y) =>
    Array.from({ length: 6 }, (_unused, x) => (canvas.pixels[(y * 2 * 12 + x * 2) * 3] === 0 ? '#' : '.')).join(''),
  );
  expect(rows).toEqual([...Array.from({ length: 6 }, () => '#.....'), '#####.']);
});
