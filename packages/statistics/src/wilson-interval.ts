import type { Interval } from './interval.ts';
import { CONFIDENCE_LEVEL, NORMAL_QUANTILE } from './confidence.ts';

/** Wilson's score interval of a proportion, `successes` of n > 0 (Wilson 1927). */
export function wilsonInterval(successes: number, n: number): Interval {
  const z2 = NORMAL_QUANTILE ** 2;
  const failures = n - successes;
  const centre = (successes + z2 / 2) / (n + z2);
  const half = (NORMAL_QUANTILE / (n + z2)) * Math.sqrt((successes * failures) / n + z2 / 4);
  return {
    low: successes === 0 ? 0 : centre - half,
    high: failures === 0 ? 1 : centre + half,
    level: CONFIDENCE_LEVEL,
  };
}
