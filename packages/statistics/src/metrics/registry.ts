import { accuracy } from './accuracy.ts';
import { accuracyInterval } from './accuracy-interval.ts';
import { balancedAccuracy } from './balanced-accuracy.ts';
import { brier } from './brier.ts';
import { calibration } from './calibration.ts';
import { confusion } from './confusion.ts';
import { macroF1 } from './macro-f1.ts';
import type { Figure, ScoredSplit } from './metric.ts';
import { nll } from './nll.ts';
import { otherPredictions } from './other-predictions.ts';
import { perClass } from './per-class.ts';
import { topK } from './top-k.ts';

/** A metric with a value of any type. */
export interface AnyMetric {
  readonly compute: (split: ScoredSplit) => unknown;
  readonly figure: Figure<never> | null;
}

/**
 * Raise this when a metric is added or computes a different value. The ids of evaluations then change, so that every
 * run is evaluated again, but none is trained again. If it is left unchanged, existing evaluations lack a new metric.
 */
export const METRICS_VERSION = 1;

/** Every metric of a split by its name in the records, in the order of the tables. */
export const METRICS = {
  accuracy,
  accuracyInterval,
  balancedAccuracy,
  macroF1,
  topK,
  nll,
  brier,
  calibration,
  perClass,
  confusion,
  otherPredictions,
} as const satisfies Readonly<Record<string, AnyMetric>>;
