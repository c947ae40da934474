import type { RankedRow, ReportExperiment } from '../data/report-data.ts';
import { clipMiddle } from '../text/clip.ts';
import { listed } from '../text/listed.ts';

/** What names are taken from. */
export interface Named {
  readonly experiments: readonly Pick<ReportExperiment, 'title'>[];
}

const MOST_NAMES = 4;

const LONGEST = 80;

/** The title of an experiment in a sentence; a long one is cut in the middle, unless that would hide what differs. */
export function nameOf({ experiments }: Named, experiment: number): string {
  const title = experiments[experiment]?.title ?? '';
  const cut = clipMiddle(title, LONGEST);
  const alike =
    cut !== title && experiments.some((other) => other.title !== title && clipMiddle(other.title, LONGEST) === cut);
  return alike ? title : cut;
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
