import type { Interval } from './interval.ts';
import { CONFIDENCE_LEVEL, NORMAL_QUANTILE } from './confidence.ts';

/** Tango's score statistic of the hypothesis p(only A) − p(only B) = delta; falls as delta rises. */
function scoreStatistic(onlyA: number, onlyB: number, images: number, delta: number): number {
  const numerator = onlyA - onlyB - images * delta;
  // The constrained maximum-likelihood estimate of p(only B): the larger root of a q² + b q + c.
  const a = 2 * images;
  const b = (2 * images - onlyA + onlyB) * delta - onlyA - onlyB;
  const c = -onlyB * delta * (1 - delta);
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  const q = b > 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a);
  const variance = images * (2 * q + delta * (1 - delta));
  if (variance <= 0) return numerator === 0 ? 0 : Math.sign(numerator) * Infinity;
  return numerator / Math.sqrt(variance);
}

/** The delta in [low, high] at which the falling statistic crosses `target`, to neighboring doubles. */
function crossing(statistic: (delta: number) => number, target: number, low: number, high: number): number {
  let from = low;
  let to = high;
  for (;;) {
    const middle = (from + to) / 2;
    if (middle <= from || middle >= to || Math.abs(to - from) < 1e-17) return middle;
    if (statistic(middle) > target) from = middle;
    else to = middle;
  }
}

/**
 * Tango's score interval of the paired difference accuracy(A) − accuracy(B) (Tango 1998, Statistics in Medicine
 * 17:891): the differences that the score test does not reject. At difference 0, its statistic is McNemar's, so the
 * interval and the test use the same evidence.
 */
export function tangoInterval(onlyA: number, onlyB: number, images: number): Interval {
  const estimate = (onlyA - onlyB) / images;
  const statistic = (delta: number): number => scoreStatistic(onlyA, onlyB, images, delta);
  return {
    low: onlyB === images ? -1 : crossing(statistic, NORMAL_QUANTILE, -1, estimate),
    high: onlyA === images ? 1 : crossing(statistic, -NORMAL_QUANTILE, estimate, 1),
    level: CONFIDENCE_LEVEL,
  };
}
