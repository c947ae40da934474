import { expect, test } from 'vitest';
import { ChannelSums } from './channel-statistics.ts';

const IMAGE_BYTES = 32 * 32 * 3;

test('means and standard deviations by channel are those calculated by hand', () => {
  // Red is 0 in one image and 255 in the other, green 51 throughout, blue 255 in a quarter of the pixels.
  const images = new Uint8Array(2 * IMAGE_BYTES).map(
    (_, i) => [i < IMAGE_BYTES ? 0 : 255, 51, i % 12 === 2 ? 255 : 0][i % 3]!,
  );
  const sums = new ChannelSums(3);
  sums.add(images.subarray(0, IMAGE_BYTES));
  sums.add(images.subarray(IMAGE_BYTES));
  const { means, standardDeviations } = sums.statistics();
  expect(means).toEqual([0.5, 0.2, 0.25]);
  [0.5, 0, Math.sqrt(3) / 4].forEach((expected, c) => expect(standardDeviations[c]).toBeCloseTo(expected, 15));
});

test('sums beyond 2⁵³ stay exact', () => {
  const sums = new ChannelSums(3);
  const white = new Uint8Array(100 * IMAGE_BYTES).fill(255);
  for (let i = 0; i < 45; i++) sums.add(white);
  expect(sums.statistics()).toEqual({ means: [1, 1, 1], standardDeviations: [0, 0, 0] });
});
