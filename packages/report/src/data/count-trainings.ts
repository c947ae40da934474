import type { ReportRun } from './report-data.ts';

/** Trainings that rows of results come from: evaluations with different test-time augmentation can share one. */
export function countTrainings(runs: readonly Pick<ReportRun, 'runId'>[]): number {
  return new Set(runs.map(({ runId }) => runId.split(':')[0])).size;
}
