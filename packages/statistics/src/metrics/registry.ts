import { accuracy } from './accuracy.ts';
import { accuracyInterval } from './accuracy-interval.ts';
import { brier } from './brier.ts';
import { calibration } from './calibration.ts';
import { confusion } from './confusion.ts';
import type { Figure, ScoredSplit } from './metric.ts';
import { nll } from './nll.ts';
import { otherPredictions } from './other-predictions.ts';
import { perClass } from './per-class.ts';
import { topK } from './top-k.ts';

/** A metric of any value. */
export interface AnyMetric {
  readonly compute: (split: ScoredSplit) => unknown;
  readonly figure: Figure<never> | null;
}

/**
 * Raised when a metric is added, or computes another value. The ids of evaluations change with it: every run is evaluated again, and none is trained. Left as it
 * is, a new metric is missing from the evaluations that are there.
 */
export const METRICS_VERSION = 1;

/** Every metric of a split by its name in the records, in the order in which tables list them. */
export const METRICS = {
  accuracy,
  accuracyInterval,
  topK,
  nll,
  brier,
  calibration,
  perClass,
  confusion,
  otherPredictions,
} as const satisfies Readonly<Record<string, AnyMetric>>;
