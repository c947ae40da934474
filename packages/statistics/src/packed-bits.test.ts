import { describe, expect, it } from 'vitest';
import { packBits, pairedCounts } from './packed-bits.ts';

/** Answers of a made-up model: `seed` decides which images it classifies correctly. */
const answers = (images: number, seed: number): boolean[] =>
  Array.from({ length: images }, (_, i) => ((i + seed) * 2_654_435_761) % 97 < 58);

describe('packBits', () => {
  it('packs correctness with the first image in the highest bit', () => {
    expect(packBits(Uint8Array.of(1, 0, 1, 1, 0, 0, 0, 0, 1))).toEqual(Uint8Array.of(0b1011_0000, 0b1000_0000));
  });
});

describe('pairedCounts', () => {
  it.each([1, 7, 8, 9, 1000])('counts %i images as a loop over them does', (images) => {
    const [a, b] = [answers(images, 1), answers(images, 40)];
    const expected = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
    a.forEach((right, i) => expected[right ? (b[i] ? 'both' : 'onlyA') : b[i] ? 'onlyB' : 'neither']++);
    expect(pairedCounts(packBits(a), packBits(b), images)).toEqual(expected);
  });
});
