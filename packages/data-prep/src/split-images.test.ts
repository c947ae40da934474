import { UserError } from '@bakeoff/core';
import { expect, test } from 'vitest';
import { splitImages } from './split-images.ts';

const balanced = Uint8Array.from({ length: 1000 }, (_, i) => i % 10);
/** 600, 300 and 100 images of three classes. */
const skewed = Uint8Array.from({ length: 1000 }, (_, i) => (i < 600 ? 0 : i < 900 ? 1 : 2));
const settings = { validation: 100, train: null, stratified: true, seed: 1 };

function countsOf(labels: Uint8Array, ids: Int32Array, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0);
  for (const id of ids) counts[labels[id]!] = counts[labels[id]!]! + 1;
  return counts;
}

test('every image is in exactly one of training and validation, ids ascending', () => {
  const { train, validation } = splitImages(balanced, 10, settings);
  expect(validation.length).toBe(100);
  expect(Array.from([...train, ...validation]).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 1000 }, (_, i) => i),
  );
  expect(Array.from(train)).toEqual(Array.from(train).sort((a, b) => a - b));
});

test('a stratified split keeps the proportions of the classes, a plain one may not', () => {
  expect(countsOf(balanced, splitImages(balanced, 10, settings).validation, 10)).toEqual(
    Array.from({ length: 10 }, () => 10),
  );
  expect(countsOf(skewed, splitImages(skewed, 3, settings).validation, 3)).toEqual([60, 30, 10]);
  expect(countsOf(skewed, splitImages(skewed, 3, { ...settings, train: 100 }).train, 3)).toEqual([60, 30, 10]);
  expect(countsOf(skewed, splitImages(skewed, 3, { ...settings, stratified: false }).validation, 3)).not.toEqual([
    60, 30, 10,
  ]);
});

test('counts that do not divide evenly among classes are met exactly, with each class within one image of its share', () => {
  const { train, validation } = splitImages(balanced, 10, { ...settings, validation: 103, train: 257 });
  expect([validation.length, train.length]).toEqual([103, 257]);
  expect(countsOf(balanced, validation, 10).every((count) => count === 10 || count === 11)).toBe(true);
  expect(countsOf(balanced, train, 10).every((count) => count === 25 || count === 26)).toBe(true);
});

test('a smaller training or validation set is part of every larger one of its seed, and neither count affects the other', () => {
  const small = splitImages(skewed, 3, { ...settings, train: 37, validation: 11 });
  const large = splitImages(skewed, 3, { ...settings, train: 500, validation: 211 });
  expect(small.train.every((id) => large.train.includes(id))).toBe(true);
  expect(small.validation.every((id) => large.validation.includes(id))).toBe(true);
  expect(splitImages(skewed, 3, { ...settings, train: 37, validation: 300 }).train).toEqual(small.train);
});

test('the split is a function of labels and seed', () => {
  const again = splitImages(balanced, 10, settings);
  expect(splitImages(balanced, 10, settings)).toEqual(again);
  expect(splitImages(balanced, 10, { ...settings, seed: 2 }).validation).not.toEqual(again.validation);
});

test('more images than the source has are refused, naming the limits', () => {
  expect(() => splitImages(balanced, 10, { ...settings, train: 901 })).toThrow(UserError);
  expect(() => splitImages(balanced, 10, { ...settings, validation: 1000 })).toThrow(/1 to 1000 images/);
});
