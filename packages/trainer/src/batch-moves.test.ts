import { expect, it } from 'vitest';
import { movesAt } from './batch-moves.ts';

it("finds the moves of a batch's images in another order, and of an image that is in it twice", () => {
  const indices = Int32Array.of(7, 3, 9, 3);
  const moves = Int32Array.of(70, 71, 30, 31, 90, 91, 30, 31);
  expect(movesAt(Int32Array.of(3, 9, 7), { indices, moves }, 2)).toEqual(Int32Array.of(30, 31, 90, 91, 70, 71));
  expect(movesAt(indices, { indices, moves }, 2)).toBe(moves);
  expect(movesAt(Int32Array.of(9), { indices, moves: null }, 2)).toBe(null);
});
