import type { Interval } from './interval.ts';
import { CONFIDENCE_LEVEL } from './confidence.ts';
import { studentQuantile } from './student-t.ts';

/** Mean, sample standard deviation (n − 1; null for one value) and Student-t interval of the mean (likewise) of at least one value. */
export function meanInterval(values: readonly number[]): {
  readonly mean: number;
  readonly standardDeviation: number | null;
  readonly interval: Interval | null;
} {
  const n = values.length;
  // Summed as offsets from the first, so that equal values have exactly no deviation.
  const first = values[0] as number;
  const mean = first + values.reduce((sum, value) => sum + (value - first), 0) / n;
  if (n < 2) return { mean, standardDeviation: null, interval: null };
  const standardDeviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (studentQuantile(n - 1) * standardDeviation) / Math.sqrt(n);
  return { mean, standardDeviation, interval: { low: mean - half, high: mean + half, level: CONFIDENCE_LEVEL } };
}
