import type { ScheduleConfig } from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { learningRateFactor } from './learning-rate.ts';

const none = { warmupEpochs: 0, warmupFactor: 0 };
const factors = (schedule: ScheduleConfig, steps: readonly number[], stepsPerEpoch = 10, maxEpochs = 4) =>
  steps.map((step) => learningRateFactor(schedule, { step, stepsPerEpoch, maxEpochs }));

describe('learningRateFactor', () => {
  it('stays at 1 without a schedule', () => {
    expect(factors({ type: 'constant', ...none }, [0, 17, 39])).toEqual([1, 1, 1]);
  });

  it('multiplies by the factor from the step after each named epoch on', () => {
    expect(factors({ type: 'step', epochs: [1, 3], factor: 0.1, ...none }, [0, 9, 10, 29, 30, 39])).toEqual([
      1,
      1,
      0.1,
      0.1,
      0.1 ** 2,
      0.1 ** 2,
    ]);
  });

  it("follows PyTorch's CosineAnnealingLR(T_max = 40, eta_min = 0.1) by step", () => {
    // 0.1 + 0.45 (1 + cos(pi t / 40)), computed by hand at quarter turns.
    const [start, quarter, half, threeQuarters, end] = factors(
      { type: 'cosine', finalFactor: 0.1, ...none },
      [0, 10, 20, 30, 40],
    ) as [number, number, number, number, number];
    expect(start).toBe(1);
    expect(quarter).toBeCloseTo(0.868198051533946, 14);
    expect(half).toBeCloseTo(0.55, 14);
    expect(threeQuarters).toBeCloseTo(0.231801948466054, 14);
    expect(end).toBeCloseTo(0.1, 14);
  });

  it('rises linearly by step from warmupFactor to 1 over the warm-up epochs', () => {
    const warm = factors({ type: 'constant', warmupEpochs: 2, warmupFactor: 0.1 }, [0, 5, 10, 19, 20, 39]);
    [0.1, 0.325, 0.55, 0.955, 1, 1].forEach((value, i) => expect(warm[i]).toBeCloseTo(value, 14));
  });

  it('applies the warm-up on top of the schedule', () => {
    const [first] = factors({ type: 'cosine', finalFactor: 0, warmupEpochs: 4, warmupFactor: 0.2 }, [20]);
    expect(first).toBeCloseTo(0.5 * 0.6, 14);
  });

  it('takes a warm-up of part of an epoch', () => {
    expect(factors({ type: 'constant', warmupEpochs: 0.5, warmupFactor: 0 }, [0, 1, 5])).toEqual([0, 0.2, 1]);
  });
});
