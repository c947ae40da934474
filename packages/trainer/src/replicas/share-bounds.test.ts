import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareBounds } from './share-bounds.ts';

const sizes = (images: number, replicas: number): number[] => {
  const bounds = shareBounds(images, replicas);
  return bounds.slice(1).map((bound, i) => bound - bounds[i]!);
};

describe('shareBounds', () => {
  it('gives every replica the same number of images, or the first ones one more if they do not divide evenly', () => {
    expect(sizes(32, 4)).toEqual([8, 8, 8, 8]);
    expect(sizes(33, 4)).toEqual([9, 8, 8, 8]);
    expect(sizes(10, 4)).toEqual([3, 3, 2, 2]);
  });

  it('leaves the last replicas without images rather than giving one a single image', () => {
    expect(sizes(7, 4)).toEqual([3, 2, 2, 0]);
    expect(sizes(3, 2)).toEqual([3, 0]);
    expect(sizes(1, 2)).toEqual([1, 0]);
  });

  it('assigns every image once, never a single image, in shares that differ by at most one', () => {
    assert(
      property(integer({ min: 2, max: 5000 }), integer({ min: 1, max: 64 }), (images, replicas) => {
        const shares = sizes(images, replicas);
        const used = shares.filter((share) => share > 0);
        expect(shares).toHaveLength(replicas);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(images);
        expect(Math.min(...used)).toBeGreaterThanOrEqual(2);
        expect(Math.max(...used) - Math.min(...used)).toBeLessThanOrEqual(1);
        expect(shares.slice(0, used.length)).toEqual(used);
        expect(used.length === replicas || images < 2 * replicas).toBe(true);
      }),
    );
  });
});
