import type { RankedRow, ReportData } from '../data/report-data.ts';
import { isPassedOver } from '../data/trials.ts';
import { sectionNames } from '../names/section-names.ts';
import { listed } from '../text/listed.ts';

/** What names are taken from. */
export type Named = Pick<ReportData, 'experiments' | 'runs'>;

const MOST_NAMES = 4;

/** By the list of experiments, which stays the same while a page is made. */
const known = new WeakMap<Named['experiments'], ReadonlyMap<number, string>>();

/** The names of all experiments, each without what it need not say beside the others that are ranked on its data set. */
function rankedNames(named: Named): ReadonlyMap<number, string> {
  const { experiments } = named;
  const places = experiments.map((_, i) => i);
  const names = new Map<number, string>();
  for (const dataset of new Set(experiments.map((experiment) => experiment.dataset))) {
    const here = places.filter((i) => experiments[i]!.dataset === dataset);
    const ranked = here.filter((i) => !isPassedOver(experiments[i]!));
    for (const group of [here, ranked])
      for (const [experiment, name] of sectionNames(named, group).names) names.set(experiment, name);
  }
  return names;
}

/** What the first screen and every sentence call an experiment; names that differ are never cut to the same. */
export function nameOf(named: Named, experiment: number): string {
  const names = known.get(named.experiments) ?? rankedNames(named);
  known.set(named.experiments, names);
  return names.get(experiment) ?? '';
}

/** `a`, or `a (also b and c)` for a recipe under several names. */
export function rowName(named: Named, { experiment, aliases }: Pick<RankedRow, 'experiment' | 'aliases'>): string {
  const also = aliases.length === 0 ? '' : ` (also ${namesOf(named, aliases)})`;
  return `${nameOf(named, experiment)}${also}`;
}

/** `a, b and c`, or the first names and how many more there are. */
export function namesOf(named: Named, experiments: readonly number[]): string {
  const names = experiments.map((experiment) => nameOf(named, experiment));
  if (names.length <= MOST_NAMES) return listed(names);
  return listed([...names.slice(0, MOST_NAMES - 1), `${names.length - MOST_NAMES + 1} more`]);
}
