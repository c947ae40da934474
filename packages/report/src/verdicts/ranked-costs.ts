import { mean } from '@bakeoff/statistics';
import type { RankedRow, ReportData } from '../data/report-data.ts';
import { isUnderway } from '../text/progress-text.ts';

/**
 * What one training of a row takes, as means over its measured trainings that are not under way; null where nothing was
 * measured.
 */
export interface RankedCosts {
  readonly secondsPerTraining: number | null;
  readonly dollarsPerTraining: number | null;
}

/** The measured part of a run. */
interface MeasuredRun {
  readonly attempts: readonly unknown[];
  /** Wall-clock seconds of training over all attempts. */
  readonly wallSeconds: number;
  readonly dollars: number | null;
}

const meanOf = (values: readonly number[]): number | null => (values.length === 0 ? null : mean(values));

/**
 * The measured columns of a ranked row. They are not part of `RankedRow`, because they depend on the machine: mark them
 * as `measured` on the page.
 */
export function rankedCosts(
  data: Pick<ReportData, 'experiments'> & { readonly runs: readonly Pick<ReportData['runs'][number], 'status'>[] },
  measurements: { readonly runs: readonly (MeasuredRun | null)[] },
  { experiment }: Pick<RankedRow, 'experiment'>,
): RankedCosts {
  const ended = (data.experiments[experiment]?.runs ?? []).filter((run) => !isUnderway(data.runs[run]!));
  const measured = ended.map((run) => measurements.runs[run]);
  return {
    secondsPerTraining: meanOf(measured.flatMap((run) => (run && run.attempts.length > 0 ? run.wallSeconds : []))),
    dollarsPerTraining: meanOf(measured.flatMap((run) => run?.dollars ?? [])),
  };
}
