import type { DatasetIndex } from '@bakeoff/core';
import { expect, it } from 'vitest';
import { pixelTransform } from './pixel-transform.ts';

const index = {
  datasetId: 'd',
  imageShape: [8, 8, 3],
  channelMeans: [0.5, 0.25, 1],
  channelStandardDeviations: [0.2, 0.5, 0],
} as unknown as DatasetIndex;

it("normalizes by the dataset's own means and deviations, and only shifts a channel that never varies", () => {
  const { scale, shift } = pixelTransform('dataset', index);
  const normalized = (pixel: number) => scale.map((factor, channel) => pixel * factor + shift[channel]!);
  expect(normalized(255).map((value) => Number(value.toFixed(9)))).toEqual([2.5, 1.5, 0]);
});

it('refuses settings for another number of channels', () => {
  expect(() => pixelTransform({ mean: [0.5, 0.4], standardDeviation: [0.5, 0.5] }, index)).toThrow(
    'the normalization does not fit the images of dataset d',
  );
});
