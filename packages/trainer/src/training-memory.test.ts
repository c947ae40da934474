import { expect, it } from 'vitest';
import { trainingMemoryBytes } from './training-memory.ts';

const MIB = 2 ** 20;
const recipe = {
  model: { type: 'resnet', blocks: [3, 3, 3], channels: [16, 32, 64] },
  augmentation: null,
  ema: null,
} as const;
const cifar = { imageShape: [32, 32, 3], classes: 10, images: { train: 45_000, validation: 5_000 } } as const;
const mibOf = (changes: object, data: object = {}): number =>
  trainingMemoryBytes({ ...recipe, batchSize: 32, replicas: 1, ...changes }, { ...cifar, ...data }) / MIB;

it('trainingMemoryBytes counts pixels, weights and a batch of activations', () => {
  const pixels = 1.5 * 50_000 * 3072;
  const weights = 18 * 270_410 * 4;
  const activations = 1.1 * 32 * 1_519_872;
  expect(mibOf({})).toBeCloseTo(15 + (pixels + weights + activations) / MIB, 6);
});

it('trainingMemoryBytes counts two views only where views are stored', () => {
  const augmented = (type: string) => mibOf({ augmentation: { transforms: [{ type }], views: 2, seed: 1 } });
  expect(augmented('cutout')).toBe(mibOf({}));
  expect(augmented('rotation') - mibOf({})).toBeCloseTo((1.5 * 45_000 * 3072) / MIB, 6);
});

it('trainingMemoryBytes grows with batch, replicas, image size and an average of the weights', () => {
  expect(mibOf({ batchSize: 64 })).toBeGreaterThan(mibOf({}));
  expect(mibOf({ replicas: 2 }) - mibOf({})).toBeCloseTo(90 + (11 * 270_410 * 4) / MIB, 6);
  expect(mibOf({ ema: { decay: 0.99 } }) - mibOf({})).toBeCloseTo((7 * 270_410 * 4) / MIB, 6);
  expect(mibOf({}, { imageShape: [64, 64, 3] })).toBeGreaterThan(3 * mibOf({}));
});
