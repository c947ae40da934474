import { type Interval, mean, sampleDeviation } from '@bakeoff/statistics';
import type { ReportData, ReportRun, Spread } from '../data/report-data.ts';
import { clip } from '../text/clip.ts';
import type { Group } from './chart.ts';

export function sectionGroups(data: ReportData, experiments: readonly number[]): Group[] {
  return experiments.map((experiment) => ({
    experiment,
    runs: data.experiments[experiment]?.runs ?? [],
    label: data.experiments[experiment]?.title ?? '',
    variant: 0,
  }));
}

/** Picked runs, each as its own group, in the plan's order. */
export function pickedGroups(data: ReportData, picked: readonly number[]): Group[] {
  const seen = new Map<number, number>();
  return [...picked]
    .sort((a, b) => a - b)
    .flatMap((run) => {
      const experiment = data.runs[run]?.experiments[0];
      if (experiment === undefined) return [];
      const variant = seen.get(experiment) ?? 0;
      seen.set(experiment, variant + 1);
      return [
        {
          experiment,
          runs: [run],
          label: `${clip(data.experiments[experiment]?.title ?? '', 80)}, seed ${data.runs[run]?.seed}`,
          variant,
        },
      ];
    });
}

export const runsOf = (data: ReportData, { runs }: Group): ReportRun[] => runs.flatMap((i) => data.runs[i] ?? []);

/**
 * Mean test accuracy of the group's evaluated runs with an interval: of the mean over seeds if known, otherwise of the
 * single run's test images.
 */
export function groupAccuracy(
  data: ReportData,
  group: Group,
):
  | (Omit<Spread, 'interval'> & { readonly interval: Interval | null; readonly intervalOf: 'seeds' | 'images' | null })
  | null {
  const evaluations = runsOf(data, group).flatMap((run) => run.evaluation ?? []);
  const [first] = evaluations;
  if (!first) return null;
  const whole = data.experiments[group.experiment]?.test;
  if (whole && whole.count === evaluations.length && whole.count > 1)
    return { ...whole, intervalOf: whole.interval ? 'seeds' : null };
  const accuracies = evaluations.map((evaluation) => evaluation.test.accuracy);
  const spread = { count: accuracies.length, mean: mean(accuracies), standardDeviation: sampleDeviation(accuracies) };
  return accuracies.length === 1
    ? { ...spread, interval: first.test.accuracyInterval, intervalOf: 'images' }
    : { ...spread, interval: null, intervalOf: null };
}

/** The run that represents a group in a chart that can show only one: the run with the highest validation accuracy. */
export function representative(data: ReportData, group: Group): number | undefined {
  const value = (i: number): number => data.runs[i]?.evaluation?.validation.accuracy ?? -1;
  return group.runs
    .filter((i) => data.runs[i]?.evaluation)
    .reduce<number | undefined>((best, i) => (best === undefined || value(i) > value(best) ? i : best), undefined);
}

/**
 * The `limit` groups with the highest mean validation accuracy, in their original order; all groups if there are no
 * more.
 */
export function leading(data: ReportData, groups: readonly Group[], limit: number): Group[] {
  if (groups.length <= limit) return [...groups];
  const scores = new Map(
    groups.map((group) => {
      const values = runsOf(data, group).flatMap((run) => run.evaluation?.validation.accuracy ?? []);
      return [group, values.length > 0 ? mean(values) : -1];
    }),
  );
  const best = new Set([...groups].sort((a, b) => scores.get(b)! - scores.get(a)!).slice(0, limit));
  return groups.filter((group) => best.has(group));
}
