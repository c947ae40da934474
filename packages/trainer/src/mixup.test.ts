import { describe, expect, it } from 'vitest';
import { drawMixing } from './mixup.ts';

const BATCH = Int32Array.of(3, 14, 15, 92, 65, 35, 89);
const at = { seed: 1, epoch: 1, step: 1 };

/** Mean and variance of the shares of many steps. */
function moments(alpha: number): { readonly mean: number; readonly variance: number } {
  const shares = Array.from({ length: 4000 }, (_, step) => drawMixing({ alpha }, { ...at, step }, BATCH).share);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return { mean, variance: shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length };
}

describe('drawMixing', () => {
  it.each([0.01, 0.2, 1, 5])('draws shares from a beta distribution of both parameters %d', (alpha) => {
    const { mean, variance } = moments(alpha);
    const expected = 1 / (4 * (2 * alpha + 1));
    // Four standard errors, or nearly.
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(expected / 4000));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.1);
  });

  it('gives every image of the batch one partner in it', () => {
    const { partners } = drawMixing({ alpha: 0.2 }, at, BATCH);
    expect([...partners].sort((a, b) => a - b)).toEqual([...BATCH].sort((a, b) => a - b));
    expect(partners).not.toEqual(BATCH);
  });

  it('depends only on seed, epoch, step and batch', () => {
    const first = drawMixing({ alpha: 1 }, at, BATCH);
    expect(drawMixing({ alpha: 1 }, at, BATCH)).toEqual(first);
    for (const other of [{ seed: 2 }, { epoch: 2 }, { step: 2 }])
      expect(drawMixing({ alpha: 1 }, { ...at, ...other }, BATCH).share).not.toBe(first.share);
  });

  it('draws what it has always drawn', () => {
    const { share, partners } = drawMixing({ alpha: 0.2 }, at, BATCH);
    expect({ share, partners: [...partners] }).toEqual({
      share: 0.8974511027336121,
      partners: [89, 35, 14, 15, 92, 65, 3],
    });
  });
});
