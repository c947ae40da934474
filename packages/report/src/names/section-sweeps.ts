import type { ReportData, ReportExperiment, ReportRun } from '../data/report-data.ts';
import { type Setting, varyingSettings } from '../data/settings.ts';

export interface SweepPoint {
  readonly experiment: number;
  /** One value per path of the sweep. */
  readonly values: readonly Setting[];
  /** False for an experiment outside the sweep that differs from its points in the swept settings alone. */
  readonly isMember: boolean;
}

/** A sweep as far as a section shows it. */
export interface SectionSweep {
  /** The experiment of the manifest that is swept. */
  readonly group: string;
  /** The swept settings that differ between the section's points. */
  readonly paths: readonly string[];
  /** Its own points in the section's order, then experiments that are points of it as well, such as a baseline. */
  readonly points: readonly SweepPoint[];
}

type Data = Pick<ReportData, 'experiments' | 'runs'>;

const within = (key: string, path: string): boolean =>
  key === path || key.startsWith(`${path}.`) || path.startsWith(`${key}.`);

/** Values of another experiment that is the same as a point except in the swept settings; undefined if it is not. */
function joined(data: Data, point: number, other: number, paths: readonly string[]): Setting[] | undefined {
  const [a, b] = [point, other].map((e) => data.runs[data.experiments[e]?.runs[0] ?? -1]?.settings);
  if (!a || !b || data.experiments[point]!.dataset !== data.experiments[other]!.dataset) return undefined;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) if (a[key] !== b[key] && !paths.some((path) => within(key, path))) return undefined;
  // A map under the path, or a part of a list, has no value of its own that the sweep's values could be compared with.
  if ([...keys].some((key) => paths.some((path) => key !== path && within(key, path)))) return undefined;
  return paths.map((path) => b[path] ?? null);
}

/** The sweeps of which a section shows at least two points. Trials of a search are points of none. */
export function sectionSweeps(data: Data, experiments: readonly number[]): SectionSweep[] {
  const groups = new Map<string, number[]>();
  for (const e of experiments) {
    const { group, sweepValues, trial } = data.experiments[e]!;
    if (Object.keys(sweepValues).length > 0 && trial === undefined)
      groups.set(group, [...(groups.get(group) ?? []), e]);
  }
  return [...groups].flatMap(([group, members]): SectionSweep[] => {
    const all = [...new Set(members.flatMap((e) => Object.keys(data.experiments[e]!.sweepValues)))];
    const paths = all.filter((path) => new Set(members.map((e) => data.experiments[e]!.sweepValues[path])).size > 1);
    if (paths.length === 0) return [];
    const points = members.map((experiment) => ({
      experiment,
      values: paths.map((path) => data.experiments[experiment]!.sweepValues[path] ?? null),
      isMember: true,
    }));
    const others = experiments
      .filter((e) => {
        const { sweepValues, trial } = data.experiments[e]!;
        return !members.includes(e) && Object.keys(sweepValues).length === 0 && trial === undefined;
      })
      .flatMap((experiment): SweepPoint[] => {
        const values = joined(data, members[0]!, experiment, paths);
        return values === undefined ? [] : [{ experiment, values, isMember: false }];
      });
    return [{ group, paths, points: [...points, ...others] }];
  });
}

/** Settings that sweeps or searches of the experiments set, as they name them, in order of first appearance. */
export function variedPaths(experiments: readonly Pick<ReportExperiment, 'sweepValues' | 'trial'>[]): string[] {
  return [
    ...new Set(
      experiments.flatMap(({ sweepValues, trial }) => [
        ...Object.keys(sweepValues),
        ...Object.keys(trial?.values ?? {}),
      ]),
    ),
  ];
}

/** Settings that differ between runs, those that the experiments' sweeps and searches set first, and these alone. */
export function sweptFirst(
  { experiments }: Pick<ReportData, 'experiments'>,
  shown: readonly number[],
  runs: readonly Pick<ReportRun, 'settings'>[],
): { readonly swept: readonly string[]; readonly varying: readonly string[] } {
  const paths = variedPaths(shown.map((e) => experiments[e]!));
  const varying = varyingSettings(runs.map(({ settings }) => settings));
  const swept = paths.flatMap((path) => (varying.includes(path) ? [path] : varying.filter((key) => within(key, path))));
  const first = [...new Set(swept)];
  // A list that varies in a part that is told by itself is not told again.
  const isTold = (key: string): boolean => first.some((path) => path === key || path.startsWith(`${key}.`));
  return { swept: first, varying: [...first, ...varying.filter((key) => !isTold(key))] };
}
