import { expect, it } from 'vitest';
import { stepsPerEpoch } from './steps-per-epoch.ts';

it.each([
  ['images that divide evenly into batches', 128, 32, 4],
  ['an incomplete last batch', 130, 32, 5],
  ['a last batch of one image, which joins the batch before', 129, 32, 4],
  ['a total of one image', 1, 32, 1],
  ['batches of one image', 5, 1, 5],
  ['no images', 0, 32, 0],
])('stepsPerEpoch counts %s', (_name, images, batchSize, steps) => {
  expect(stepsPerEpoch(images, batchSize)).toBe(steps);
});
