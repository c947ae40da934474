import type { ReportData, ReportExperiment, ReportRun } from './report-data.ts';

/** Whether an experiment is a trial that validation did not choose, so that its test results are not reported. */
export function isPassedOver({ trial }: Pick<ReportExperiment, 'trial'>): boolean {
  return trial?.chosen === false;
}

/** Validation accuracy of a run's best weights; null without an evaluation. */
export function validationOf(run: ReportRun): number | null {
  if (run.heldBack) return run.epochs.find(({ epoch }) => epoch === run.bestEpoch)?.validationAccuracy ?? null;
  return run.evaluation?.validation.accuracy ?? null;
}

/** Whether a run is trained and evaluated, be its test result reported or not. */
export function isEvaluated(run: Pick<ReportRun, 'evaluation' | 'heldBack'>): boolean {
  return run.evaluation !== null || run.heldBack === true;
}

/** One search of the report. */
export interface ReportSearch {
  readonly search: string;
  /** Indices of its trials, by number. */
  readonly trials: readonly number[];
  /** Index of the chosen trial; null if none is evaluated. */
  readonly chosen: number | null;
}

/** The searches among some experiments, in their order. */
export function searchesAmong(
  { experiments }: Pick<ReportData, 'experiments'>,
  among: readonly number[],
): readonly ReportSearch[] {
  const names = [...new Set(among.flatMap((e) => experiments[e]?.trial?.search ?? []))];
  return names.map((search) => {
    const trials = among.filter((e) => experiments[e]?.trial?.search === search);
    return { search, trials, chosen: trials.find((e) => experiments[e]?.trial?.chosen) ?? null };
  });
}

/** Trials that a search of the plan has. */
export function trialCount({ experiments }: Pick<ReportData, 'experiments'>, search: string): number {
  return experiments.filter(({ trial }) => trial?.search === search).length;
}
