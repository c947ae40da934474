import { sha256 } from '@bakeoff/core';
import { expect, test } from 'vitest';
import { IMAGE_BYTES, IMAGE_PIXELS } from './image-size.ts';
import { testContext } from '../../testing/context.ts';
import { fingerprintSynthetic, readSynthetic } from './read-synthetic.ts';

const settings = { images: 300, testImages: 100, sourceSeed: 7 };
const TRAINING = 500;
const made = readSynthetic(settings, testContext());

test('equal settings give equal pixels on every machine and in every version', () => {
  // A change here needs a new generator version, or old and new images would share dataset ids.
  expect(sha256(made.training.images.bytes)).toBe('70f3ac355d068b4d57305a37e2e9a291448c2b46996f541f445f2e16e6e08632');
  expect(made.sha256).toBe(fingerprintSynthetic(settings).sha256);
});

test('a larger set begins with the smaller one of its seed', () => {
  const larger = readSynthetic({ ...settings, images: 320 }, testContext());
  expect(sha256(larger.training.images.bytes.subarray(0, 300 * IMAGE_BYTES))).toBe(sha256(made.training.images.bytes));
  expect(larger.sha256).not.toBe(made.sha256);
});

test('seeds and parts differ', () => {
  expect(sha256(readSynthetic({ ...settings, sourceSeed: 8 }, testContext()).test.images.bytes)).not.toBe(
    sha256(made.test.images.bytes),
  );
  expect(sha256(made.test.images.bytes)).not.toBe(sha256(made.training.images.bytes.subarray(0, 100 * IMAGE_BYTES)));
});

test('the ten classes are equally frequent', () => {
  const counts = new Map<number, number>();
  for (const label of made.training.labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  expect([...counts.values()]).toEqual(Array.from({ length: 10 }, () => 30));
  expect(made.classes.length).toBe(10);
});

/** Test accuracy of classification by the nearest class mean, over features of an image. */
function nearestMeanAccuracy(
  { training, test: held }: ReturnType<typeof readSynthetic>,
  featuresOf: (image: Uint8Array) => number[],
): number {
  const features = (images: Uint8Array, i: number) =>
    featuresOf(images.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES));
  const means = Array.from({ length: 10 }, () => [] as number[]);
  training.labels.forEach((label, i) =>
    features(training.images.bytes, i).forEach(
      (value, k) => (means[label]![k] = (means[label]![k] ?? 0) + value / (TRAINING / 10)),
    ),
  );
  let right = 0;
  held.labels.forEach((label, i) => {
    const own = features(held.images.bytes, i);
    const distances = means.map((mean) => own.reduce((sum, value, k) => sum + (value - mean[k]!) ** 2, 0));
    if (distances.indexOf(Math.min(...distances)) === label) right++;
  });
  return right / held.labels.length;
}

const meanColor = (image: Uint8Array) =>
  [0, 1, 2].map((c) => image.reduce((sum, value, i) => (i % 3 === c ? sum + value : sum), 0) / IMAGE_PIXELS);
const everyFifth = (image: Uint8Array) => Array.from(image.filter((_, i) => i % 5 === 0));

test('mean color says nothing about the class, and matching pixels say little', () => {
  const source = readSynthetic({ images: TRAINING, testImages: 300, sourceSeed: 1 }, testContext());
  expect(nearestMeanAccuracy(source, meanColor)).toBeLessThan(0.2);
  expect(nearestMeanAccuracy(source, everyFifth)).toBeLessThan(0.35);
});
