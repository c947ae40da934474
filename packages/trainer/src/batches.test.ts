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

describe('epochOrder', () => {
  it('shows every image once per epoch', () => {
    expect([...epochOrder(7, 3, 100)].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('depends only on seed and epoch', () => {
    const order = epochOrder(7, 3, 100);
    expect(epochOrder(7, 3, 100)).toEqual(order);
    expect(epochOrder(7, 4, 100)).not.toEqual(order);
    expect(epochOrder(8, 3, 100)).not.toEqual(order);
  });
});
