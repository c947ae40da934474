import { Random } from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { packBits } from './testing/scores.ts';
import { mcNemar, pairedCounts } from './paired-counts.ts';

describe('pairedCounts', () => {
  it.each([1, 7, 8, 9, 1000])('counts %i images as a loop over them does', (images) => {
    const random = new Random(images);
    const [a, b] = [0, 1].map(() => Array.from({ length: images }, () => random.uniform() < 0.6)) as [
      boolean[],
      boolean[],
    ];
    const expected = { both: 0, onlyA: 0, onlyB: 0, neither: 0 };
    a.forEach((right, i) => expected[right ? (b[i] ? 'both' : 'onlyA') : b[i] ? 'onlyB' : 'neither']++);
    expect(pairedCounts(packBits(a), packBits(b), images)).toEqual(expected);
  });
});

const p = (onlyA: number, onlyB: number): number => mcNemar({ both: 0, onlyA, onlyB, neither: 0 });

describe('mcNemar', () => {
  it('is the two-sided binomial tail, worked out by hand', () => {
    // Of 6 discordant pairs 1 or fewer on one side: (1 + 6) / 64, doubled.
    expect(p(1, 5)).toBeCloseTo(14 / 64, 12);
    expect(p(5, 1)).toBeCloseTo(14 / 64, 12);
    expect(p(0, 10)).toBeCloseTo(2 / 1024, 12);
  });

  it('is one where nothing differs or both sides are equal', () => {
    expect([p(0, 0), p(4, 4)]).toEqual([1, 1]);
  });

  it('holds for thousands of discordant pairs', () => {
    // Normal approximation with continuity correction: z = (|a − b| − 1) / √(a + b) = 1.962, p = 0.0498.
    expect(p(1300, 1402)).toBeCloseTo(0.052, 3);
    expect(p(100, 9000)).toBeLessThan(1e-100);
  });
});
