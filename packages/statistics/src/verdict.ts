import { SIGNIFICANCE_LEVEL } from './confidence.ts';

/** What a test says about the first of two models or recipes against the second. */
export type Verdict = 'better' | 'worse' | 'noEvidence';

/** `difference`: the first minus the second. The p-value is adjusted for the number of pairs compared. */
export function decideVerdict(difference: number, adjustedPValue: number): Verdict {
  if (adjustedPValue >= SIGNIFICANCE_LEVEL) return 'noEvidence';
  return difference > 0 ? 'better' : 'worse';
}

const REVERSED: Readonly<Record<Verdict, Verdict>> = { better: 'worse', worse: 'better', noEvidence: 'noEvidence' };

/** The verdict on the second against the first. */
export function reverseVerdict(verdict: Verdict): Verdict {
  return REVERSED[verdict];
}
