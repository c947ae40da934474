import { describe, expect, it } from 'vitest';
import { BatchPlan, epochOrder } from './batches.ts';

const ranges = (images: number, batchSize: number) => {
  const plan = new BatchPlan(images, batchSize);
  return Array.from({ length: plan.stepsPerEpoch }, (_, position) => plan.range(position));
};

describe('BatchPlan', () => {
  it('uses the incomplete last batch', () => {
    expect(ranges(10, 4)).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
    ]);
    expect(ranges(8, 4)).toEqual([
      [0, 4],
      [4, 8],
    ]);
  });

  it('joins a single last image to the batch before it', () => {
    expect(ranges(9, 4)).toEqual([
      [0, 4],
      [4, 9],
    ]);
  });

  it('leaves a batch of one as it is if it was requested or there are no other images', () => {
    expect(ranges(3, 1)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(ranges(1, 4)).toEqual([[0, 1]]);
  });

  it('makes one batch of a batch size larger than the dataset', () => {
    expect(ranges(5, 100)).toEqual([[0, 5]]);
  });
});

const LABELS = Uint8Array.from({ length: 100 }, (_, i) => (i < 80 ? 0 : i < 97 ? 2 : 5));
const order = (seed: number, epoch: number, sampling: 'shuffled' | 'balanced' = 'shuffled', labels = LABELS) =>
  epochOrder({ seed, epoch }, labels, sampling);

/** How often each image comes, by class. */
function timesByClass(places: Int32Array, labels = LABELS): Record<number, number[]> {
  const times: Record<number, number[]> = {};
  labels.forEach((label, place) => (times[label] ??= []).push(places.filter((each) => each === place).length));
  return times;
}

describe('epochOrder', () => {
  it('shows every image once per epoch', () => {
    expect([...order(7, 3)].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('shows every class equally often when balanced, and no image again before the others of its class', () => {
    const places = order(7, 3, 'balanced');
    expect(places).toHaveLength(100);
    const times = timesByClass(places);
    const sums = Object.values(times).map((each) => each.reduce((a, b) => a + b, 0));
    expect(sums.sort((a, b) => a - b)).toEqual([33, 33, 34]);
    for (const each of Object.values(times)) expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
    expect(order(7, 3, 'balanced')).toEqual(places);
    expect(order(7, 4, 'balanced')).not.toEqual(places);
  });

  it('is balanced by a permutation where classes are equal', () => {
    const labels = Uint8Array.from({ length: 12 }, (_, i) => i % 3);
    const places = order(1, 1, 'balanced', labels);
    expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  it('depends only on seed and epoch', () => {
    const first = order(7, 3);
    expect(order(7, 3)).toEqual(first);
    expect(order(7, 4)).not.toEqual(first);
    expect(order(8, 3)).not.toEqual(first);
  });
});
