import type { Interval } from './interval.ts';
import { CONFIDENCE_LEVEL } from './confidence.ts';
import { mean, sampleDeviation } from './mean.ts';
import { studentQuantile } from './student-t.ts';

/**
 * Mean, sample standard deviation (n − 1; null for one value) and Student-t interval of the mean (likewise) of at least
 * one value.
 */
export function meanInterval(values: readonly number[]): {
  readonly mean: number;
  readonly standardDeviation: number | null;
  readonly interval: Interval | null;
} {
  const n = values.length;
  // Averages offsets from the first value, so that equal values have a deviation of exactly 0.
  const first = values[0]!;
  const center = first + mean(values.map((value) => value - first));
  const standardDeviation = sampleDeviation(values, center);
  if (standardDeviation === null) return { mean: center, standardDeviation, interval: null };
  const half = (studentQuantile(n - 1) * standardDeviation) / Math.sqrt(n);
  return {
    mean: center,
    standardDeviation,
    interval: { low: center - half, high: center + half, level: CONFIDENCE_LEVEL },
  };
}
