import type { Interval } from './interval.ts';
import { CONFIDENCE_LEVEL } from './confidence.ts';
import { meanInterval } from './mean-interval.ts';
import { studentQuantile, studentTwoSided } from './student-t.ts';

export interface WelchResult {
  /** mean(a) − mean(b). */
  readonly difference: number;
  readonly interval: Interval;
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
}

/**
 * Welch's t test of two samples of at least two values each, variances not assumed equal (Welch 1947; degrees of
 * freedom by Satterthwaite). Null if neither sample varies, because there is then no error to measure the difference
 * by.
 */
export function welchTest(a: readonly number[], b: readonly number[]): WelchResult | null {
  const summaryA = meanInterval(a);
  const summaryB = meanInterval(b);
  const partA = (summaryA.standardDeviation ?? 0) ** 2 / a.length;
  const partB = (summaryB.standardDeviation ?? 0) ** 2 / b.length;
  const standardError = Math.sqrt(partA + partB);
  if (standardError === 0) return null;
  const degreesOfFreedom = (partA + partB) ** 2 / (partA ** 2 / (a.length - 1) + partB ** 2 / (b.length - 1));
  const difference = summaryA.mean - summaryB.mean;
  const statistic = difference / standardError;
  const half = studentQuantile(degreesOfFreedom) * standardError;
  const interval = { low: difference - half, high: difference + half, level: CONFIDENCE_LEVEL };
  return { difference, interval, statistic, degreesOfFreedom, pValue: studentTwoSided(statistic, degreesOfFreedom) };
}
