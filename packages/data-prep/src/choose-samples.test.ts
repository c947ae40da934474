import { imageBytes, type ImageShape } from '@bakeoff/core';
import { expect, test } from 'vitest';
import { chooseSamples } from './choose-samples.ts';
import type { ExaminedSplit } from './findings/examined-split.ts';
import { PixelsInMemory } from './sources/pixels.ts';

function splitOf(labels: readonly number[], shape: ImageShape): ExaminedSplit {
  const bytes = imageBytes(shape);
  const images = Uint8Array.from({ length: labels.length * bytes }, (_, i) => Math.floor(i / bytes) + (i % 4));
  const set = {
    images: new PixelsInMemory(images, shape),
    labels: Uint8Array.from(labels),
    keys: new Float64Array(labels.length),
  };
  return { name: 'train', set, ids: Int32Array.from(labels, (_, id) => id) };
}

test('samples are the first images of each class, class by class', () => {
  const split = splitOf([1, 0, 1, 1, 0], [4, 4, 3]);
  const { content, imageShape } = chooseSamples({ ...split, ids: Int32Array.of(1, 2, 3, 4) }, 3, [4, 4, 3]);
  expect([...content.ids]).toEqual([1, 4, 2, 3]);
  expect([...content.labels]).toEqual([0, 0, 1, 1]);
  expect(imageShape).toEqual([4, 4, 3]);
  expect([...content.images.subarray(48, 52)]).toEqual([4, 5, 6, 7]);
});

test.each([
  [10, [32, 32, 3], [32, 32, 3], 3],
  [10, [28, 28, 1], [28, 28, 1], 8],
  [10, [96, 96, 3], [48, 48, 3], 1],
  [100, [32, 32, 3], [16, 16, 3], 1],
  [2, [256, 200, 3], [42, 33, 3], 8],
] as const)('%i classes of images %j become samples of %j, %i of each', (classes, shape, reduced, perClass) => {
  const split = splitOf(
    Array.from({ length: classes * 9 }, (_, i) => i % classes),
    shape,
  );
  const { content, imageShape } = chooseSamples(split, classes, shape);
  expect(imageShape).toEqual(reduced);
  expect(content.ids).toHaveLength(classes * perClass);
  expect(content.images.length).toBeLessThanOrEqual(96 * 1024);
});

test('a reduced pixel is the mean of its square', () => {
  const { content, imageShape } = chooseSamples(splitOf([0], [96, 96, 1]), 1, [96, 96, 1]);
  expect(imageShape).toEqual([48, 48, 1]);
  // Values 0 1 in the first row and 0 1 in the second, as 96 is a multiple of four.
  expect(content.images[0]).toBe(Math.round((0 + 1 + 0 + 1) / 4));
  expect(content.images[1]).toBe(Math.round((2 + 3 + 2 + 3) / 4));
});
