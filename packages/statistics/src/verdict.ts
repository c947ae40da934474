import { SIGNIFICANCE_LEVEL } from './confidence.ts';
import type { Interval } from './interval.ts';

/**
 * What a test says about the first of two models or recipes against the second. `suggestive`: the pair alone would be
 * told apart, but not after the correction for all pairs, or not by the exact test where the interval would.
 */
export type Verdict = 'better' | 'worse' | 'suggestive' | 'noEvidence';

/** A difference, the first minus the second, with the interval and the p-value of this pair alone. */
export interface TestedDifference {
  readonly difference: number;
  readonly interval: Pick<Interval, 'low' | 'high'>;
  readonly pValue: number;
}

/** `adjustedPValue`: adjusted for the number of pairs compared. Whatever excludes a difference of 0 is at least suggestive. */
export function decideVerdict({ difference, interval, pValue }: TestedDifference, adjustedPValue: number): Verdict {
  if (adjustedPValue < SIGNIFICANCE_LEVEL) return difference > 0 ? 'better' : 'worse';
  const alone = pValue < SIGNIFICANCE_LEVEL || interval.low > 0 || interval.high < 0;
  return alone ? 'suggestive' : 'noEvidence';
}

const REVERSED: Readonly<Record<Verdict, Verdict>> = {
  better: 'worse',
  worse: 'better',
  suggestive: 'suggestive',
  noEvidence: 'noEvidence',
};

/** The verdict on the second against the first. */
export function reverseVerdict(verdict: Verdict): Verdict {
  return REVERSED[verdict];
}

/** Whether the two are told apart. */
export function isDecided(verdict: Verdict): boolean {
  return verdict === 'better' || verdict === 'worse';
}
