import { expect, test } from 'vitest';
import type { Transform } from '../manifest/augmentation-schema.ts';
import type { DrawnTransform } from './drawn-transform.ts';
import { applyMoves, movesSize, PixelMover, reflected, viewsAreStored } from './pixel-moves.ts';

const SHAPE = [3, 4, 1] as const;
/** Row y has the pixels y1 … y4 in tens and ones; black is 0. */
const IMAGE = Uint8Array.of(11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34);

function moved(...transforms: DrawnTransform[]): number[][] {
  const moves = new Int32Array(movesSize(SHAPE)).fill(99);
  new PixelMover(SHAPE).write(transforms, moves);
  const to = new Uint8Array(IMAGE.length).fill(99);
  applyMoves(moves, SHAPE, IMAGE, to);
  return [0, 1, 2].map((y) => [...to.subarray(4 * y, 4 * y + 4)]);
}

test('transforms that move pixels come to the same as one after the other', () => {
  const flip = { type: 'horizontalFlip' } as const;
  expect(moved(flip)[0]).toEqual([14, 13, 12, 11]);
  // A crop's black edge stays black, and a cutout's hole moves with what is around it.
  const crop = { type: 'randomCrop', padding: 1, left: 2, top: 0 } as const;
  const hole = { type: 'cutout', left: 2, top: 1, size: 1 } as const;
  expect(moved(crop, hole, flip)).toEqual([
    [0, 0, 0, 0],
    [0, 0, 13, 12],
    [0, 24, 23, 22],
  ]);
  expect(moved(hole, { type: 'translate', x: -1, y: 1 }, { type: 'cutout', left: -1, top: 1, size: 2 })).toEqual([
    [22, 0, 24, 0],
    [0, 13, 14, 13],
    [0, 0, 24, 0],
  ]);
});

test('reflect padding mirrors without repeating the edge, as far as one likes', () => {
  expect([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map((at) => reflected(at, 3))).toEqual([
    1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2,
  ]);
  expect([-2, 0, 7].map((at) => reflected(at, 1))).toEqual([0, 0, 0]);
});

test('only augmentations that compute new pixel values are stored', () => {
  const moving: Transform[] = [
    { type: 'horizontalFlip', probability: 0.5 },
    { type: 'alternatingFlip' },
    { type: 'randomCrop', padding: 4, probability: 1 },
    { type: 'translate', pixels: 2, probability: 1 },
    { type: 'cutout', size: 8, overBorder: true, probability: 1 },
  ];
  expect(viewsAreStored({ transforms: moving })).toBe(false);
  expect(viewsAreStored({ transforms: [...moving, { type: 'grayscale', probability: 0.1 }] })).toBe(true);
  expect(() => new PixelMover(SHAPE).write([{ type: 'grayscale' }], new Int32Array(14))).toThrow('grayscale');
});
