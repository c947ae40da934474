import { type Interval, mean, sampleDeviation } from '@bakeoff/statistics';
import type { ReportData, ReportRun, Spread } from '../data/report-data.ts';
import { validationOf } from '../data/trials.ts';
import { sectionNames } from '../names/section-names.ts';
import type { Group } from './chart.ts';
import { seriesStyle, variedStyle } from './palette.ts';
import { sectionStyles } from './section-styles.ts';

/** A section's experiments with their names and styles, which every chart of the section shares. */
export function sectionGroups(data: ReportData, experiments: readonly number[]): Group[] {
  const { heading, labels, names } = sectionNames(data, experiments);
  const styles = sectionStyles(data, experiments);
  return experiments.map((experiment) => ({
    experiment,
    runs: data.experiments[experiment]?.runs ?? [],
    label: labels.get(experiment) ?? '',
    name: names.get(experiment) ?? '',
    heading,
    style: styles.get(experiment)!,
  }));
}

/**
 * Picked runs, each as its own group, in the plan's order. Runs of one experiment have its color, and differ by dash and
 * marker, unless there are more experiments than hues or more runs than dashes.
 */
export function pickedGroups(data: ReportData, picked: readonly number[]): Group[] {
  const runs = [...picked].sort((a, b) => a - b).filter((run) => data.runs[run]?.experiments[0] !== undefined);
  const experiments = [...new Set(runs.map((run) => data.runs[run]!.experiments[0]!))];
  const whole = new Map(sectionGroups(data, experiments).map((group) => [group.experiment, group]));
  const seen = new Map<number, number>();
  const groups = runs.map((run): Group => {
    const { experiments: of, seed } = data.runs[run]!;
    const group = whole.get(of[0]!)!;
    const variant = seen.get(group.experiment) ?? 0;
    seen.set(group.experiment, variant + 1);
    const [label, name] = [group.label, group.name].map((text) => `${text}, seed ${seed}`) as [string, string];
    return { ...group, runs: [run], label, name, style: variedStyle(group.style, variant) };
  });
  const looks = new Set(groups.map(({ style }) => `${style.color} ${style.dash}`));
  return looks.size === groups.length ? groups : groups.map((group, i) => ({ ...group, style: seriesStyle(i) }));
}

export const runsOf = (data: ReportData, { runs }: Pick<Group, 'runs'>): ReportRun[] =>
  runs.flatMap((i) => data.runs[i] ?? []);

/**
 * Mean test accuracy of the group's evaluated runs with an interval: of the mean over seeds if known, otherwise of the
 * single run's test images.
 */
export function groupAccuracy(
  data: ReportData,
  group: Pick<Group, 'experiment' | 'runs'>,
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
      const values = runsOf(data, group).flatMap((run) => validationOf(run) ?? []);
      return [group, values.length > 0 ? mean(values) : -1];
    }),
  );
  const best = new Set([...groups].sort((a, b) => scores.get(b)! - scores.get(a)!).slice(0, limit));
  return groups.filter((group) => best.has(group));
}
