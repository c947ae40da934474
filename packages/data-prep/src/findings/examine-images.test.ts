import { describeFinding, type Finding, UserError } from '@bakeoff/core';
import { expect, test } from 'vitest';
import { examineImages, type ExaminedScope } from './examine-images.ts';
import type { ExaminedSplit } from './examined-split.ts';
import { PixelsInMemory } from '../sources/pixels.ts';
import { imageKeys } from './image-keys.ts';

/** A picture of a number, 3×3×3 (27 bytes, so not a multiple of four), and its label. */
type Made = readonly [picture: number, label: number];

const imageShape = [3, 3, 3] as const;
const BYTES = 27;

/** Different pictures differ in one value, in the last byte. */
function draw(picture: number): number[] {
  return Array.from({ length: BYTES }, (_, i) => (i === BYTES - 1 ? picture : 40 + i * 3));
}

function splitOf(name: ExaminedSplit['name'], made: readonly Made[], pixels = draw): ExaminedSplit {
  const images = Uint8Array.from(made.flatMap(([picture]) => pixels(picture)));
  const pixelsOf = new PixelsInMemory(images, imageShape);
  const set = { images: pixelsOf, labels: Uint8Array.from(made, ([, label]) => label), keys: imageKeys(pixelsOf) };
  return { name, set, ids: Int32Array.from(made, (_, id) => id) };
}

function splits(train: readonly Made[], validation: readonly Made[], held: readonly Made[], pixels = draw) {
  return [splitOf('train', train, pixels), splitOf('validation', validation, pixels), splitOf('test', held, pixels)];
}

const scope: ExaminedScope = { classes: ['cat', 'dog'], imageShape, onDuplicates: 'warn' };
const found = (made: readonly ExaminedSplit[], more: Partial<ExaminedScope> = {}): readonly Finding[] =>
  examineImages(made, { ...scope, ...more }).findings;

/** 1 and 2 stand in training and test, 1 also in validation; 9 is a cat in training and a dog in the test. */
const leaky = splits(
  [
    [1, 0],
    [2, 1],
    [2, 1],
    [3, 0],
    [9, 0],
  ],
  [
    [1, 0],
    [5, 1],
  ],
  [
    [1, 0],
    [2, 1],
    [9, 1],
    [7, 0],
  ],
);

test('images in more than one split are counted by pairs of splits, and images under two labels, with an example', () => {
  expect(found(leaky)).toEqual([
    { kind: 'sharedImages', split: 'test', also: 'train', images: 3, of: 4 },
    { kind: 'sharedImages', split: 'test', also: 'validation', images: 1, of: 4 },
    { kind: 'sharedImages', split: 'validation', also: 'train', images: 1, of: 2 },
    { kind: 'contradictoryLabels', images: 2, of: 11, example: ['cat', 'dog'] },
  ]);
});

test('clean images have no findings', () => {
  const clean = splits(
    [
      [1, 0],
      [2, 1],
    ],
    [
      [3, 0],
      [4, 1],
    ],
    [
      [5, 0],
      [6, 1],
    ],
  );
  expect(examineImages(clean, scope)).toEqual({ splits: clean, findings: [], dropped: null });
});

test('dropping keeps every test image, and of an image in two splits the later one', () => {
  const { splits: kept, dropped, findings } = examineImages(leaky, { ...scope, onDuplicates: 'drop' });
  expect(kept.map(({ ids }) => [...ids])).toEqual([[3], [1], [0, 1, 2, 3]]);
  expect(dropped).toEqual({ train: [0, 1, 2, 4], validation: [0] });
  expect(findings.map(describeFinding)).toEqual([
    'Dropped as duplicates (onDuplicates: drop): 4 training images and 1 validation image.',
    'The training split has no images of 1 class: dog.',
    'The validation split has no images of 1 class: cat.',
  ]);
});

function refused(onDuplicates: ExaminedScope['onDuplicates'], made: readonly ExaminedSplit[]): string {
  try {
    examineImages(made, { ...scope, onDuplicates });
  } catch (error) {
    return error instanceof UserError ? error.message : String(error);
  }
  return 'accepted';
}

test('refusing names every kind of duplicate, and dropping refuses to empty a split', () => {
  expect(refused('refuse', leaky)).toMatch(
    /3 of the 4 test images \(75\.00 %\) also stand among the training images[^]*2 of the 11 images stand under more than one label, for example under "cat" and "dog"[^]*onDuplicates/,
  );
  const same: Made[] = [
    [1, 0],
    [2, 1],
  ];
  expect(refused('drop', splits(same, [[8, 0]], same))).toMatch(/every training image .* duplicate[^]*2 images/);
});

/** Different pictures of one class. */
const many = (count: number, from: number, label: number): Made[] =>
  Array.from({ length: count }, (_, i) => [from + i, label]);

test('classes that a split lacks or that are rare in it are named with their counts', () => {
  const made = splits([...many(60, 0, 0), ...many(3, 60, 1)], many(5, 70, 0), [
    ...many(5, 80, 0),
    ...many(5, 90, 1),
    ...many(1, 99, 2),
  ]);
  expect(found(made, { classes: ['cat', 'dog', 'fox'] })).toEqual([
    { kind: 'missingClasses', split: 'train', classes: ['fox'] },
    { kind: 'missingClasses', split: 'validation', classes: ['dog', 'fox'] },
  ]);
  const rarer = splits([...many(60, 0, 0), ...many(2, 60, 1), ...many(1, 62, 2)], many(5, 70, 0), many(5, 80, 0));
  expect(found(rarer, { classes: ['cat', 'dog', 'fox'] })[0]).toEqual({
    kind: 'rareClasses',
    split: 'train',
    classes: [
      { name: 'dog', images: 2 },
      { name: 'fox', images: 1 },
    ],
    equalShare: 21,
  });
  expect(found(splits([[1, 0]], [[2, 0]], [[3, 0]]), { classes: ['cat'] })).toEqual([
    { kind: 'oneClass', name: 'cat' },
  ]);
});

/** Pictures 0 to 2 have one color each, 3 and 4 are nearly black. */
function plainOrDark(picture: number): number[] {
  if (picture < 3) return Array.from({ length: BYTES }, (_, i) => [picture, 200, 90][i % 3]!);
  if (picture < 5) return Array.from({ length: BYTES }, (_, i) => (i === 4 ? 15 : picture));
  return draw(picture);
}

test('images of one color and nearly black images are counted, once each', () => {
  const made = splits(
    [
      [0, 0],
      [3, 1],
      [6, 1],
    ],
    [
      [1, 0],
      [7, 1],
    ],
    [
      [2, 0],
      [4, 1],
    ],
    plainOrDark,
  );
  expect(found(made)).toEqual([
    { kind: 'constantImages', images: 3, of: 7 },
    { kind: 'nearlyBlackImages', images: 2, of: 7, limit: 15 },
  ]);
});

const keysOf = (bytes: Uint8Array, size: number) => imageKeys(new PixelsInMemory(bytes, [1, size, 1]));

test('keys differ in every single bit, by place and by alignment', () => {
  const image = Uint8Array.from(draw(0));
  const flipped = Array.from({ length: BYTES * 8 }, (_, bit) =>
    image.map((value, i) => (i === bit >> 3 ? value ^ (1 << (bit & 7)) : value)),
  );
  const all = Uint8Array.from([image, ...flipped].flatMap((each) => [...each]));
  expect(new Set(keysOf(all, BYTES)).size).toBe(BYTES * 8 + 1);
  const shifted = new Uint8Array(1 + 2 * 28).subarray(1);
  shifted.set(draw(0), 0);
  shifted.set(draw(0), 28);
  const aligned = Uint8Array.from(shifted);
  expect(keysOf(shifted, 28)).toEqual(keysOf(aligned, 28));
  const swapped = Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0);
  expect(new Set(keysOf(swapped, 8)).size).toBe(2);
});
