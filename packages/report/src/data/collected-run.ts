import type {
  EvaluationMeasurement,
  EvaluationRecord,
  RunProgress,
  RunRecord,
  TrainingMeasurement,
} from '@bakeoff/core';
import type { PackedCurve } from './report-data.ts';

/** An evaluation without what only the gallery needs, because a thousand of them stay in memory. */
export type SlimEvaluation = Omit<EvaluationRecord, 'hardestImages' | 'confidentlyWrong'>;

export interface CollectedRun {
  readonly record: RunRecord | null;
  /** Of an unfinished run in a page that follows it; null otherwise, and before its first checkpoint. */
  readonly progress: RunProgress | null;
  readonly curve: PackedCurve | null;
  readonly evaluation: SlimEvaluation | null;
  readonly training: readonly TrainingMeasurement[];
  readonly evaluating: readonly EvaluationMeasurement[];
}
