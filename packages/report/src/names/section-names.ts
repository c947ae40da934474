import type { ReportData } from '../data/report-data.ts';
import { settingNames, settingText } from '../data/settings.ts';
import { abbreviated } from '../text/abbreviated.ts';
import { sectionSweeps } from './section-sweeps.ts';

/** What the experiments of a section are called, without what they share. */
export interface SectionNames {
  /** What the labels have in common or are values of, `dropout2d`, for above a legend; null if there is nothing. */
  readonly heading: string | null;
  /** By experiment: its name below the heading, `0.03`. */
  readonly labels: ReadonlyMap<number, string>;
  /** By experiment: its name in a sentence, `dropout2d 0.03`. */
  readonly names: ReadonlyMap<number, string>;
}

type Data = Pick<ReportData, 'experiments' | 'runs'>;

/** Longest names; only what names share is cut. */
const LONGEST = 120;

const firstPhrase = (title: string): string => /^[^,(:;]*[^,(:; ]/.exec(title)?.[0] ?? title;
const balanced = (text: string): boolean => text.split('(').length === text.split(')').length;
const trimmed = (text: string): string => text.replace(/^[\s,;:–-]+|[\s,;:–-]+$/g, '');

/** The title of a swept experiment without its point: what the manifest calls all points. */
function stemOf(titles: readonly string[], paths: readonly string[]): string {
  const [first = ''] = titles;
  const bare = first.replace(/\s*\([^()]*\)$/, '');
  if (bare !== first && titles.every((title) => title.startsWith(`${bare} (`))) return bare;
  const words = first.split(/\s+/);
  const end = words.findIndex((word, i) => titles.some((title) => title.split(/\s+/)[i] !== word));
  const shared = end < 0 ? words : words.slice(0, end);
  const settings = new Set(settingNames(paths).values());
  while (shared.length > 1 && settings.has(trimmed(shared.at(-1)!))) shared.pop();
  return trimmed(shared.join(' '));
}

/** Names without the words that all begin or end with; undefined if one would be empty, or cut within parentheses. */
function stripped(names: readonly string[]): { heading: string; labels: string[] } | undefined {
  const words = names.map((name) => name.split(/\s+/));
  const shortest = Math.min(...words.map((list) => list.length));
  const shared = (at: (list: readonly string[]) => string | undefined): boolean =>
    new Set(words.map((list) => trimmed(at(list) ?? ''))).size === 1;
  let [start, end] = [0, 0];
  while (start < shortest - 1 && shared((list) => list[start])) start++;
  while (end < shortest - 1 - start && shared((list) => list.at(-1 - end))) end++;
  const labels = words.map((list) =>
    trimmed(list.slice(start, list.length - end).join(' ')).replace(/^\(([^()]+)\)$/, '$1'),
  );
  const [first = []] = words;
  const heading = trimmed([...first.slice(0, start), ...first.slice(first.length - end)].join(' '));
  return heading !== '' && [...labels, heading].every((label) => label !== '' && balanced(label))
    ? { heading, labels }
    : undefined;
}

/** Labels that are the same, such as equal titles, are told apart by their ids. */
function distinct(data: Data, labels: ReadonlyMap<number, string>): Map<number, string> {
  const counts = new Map<string, number>();
  for (const label of labels.values()) counts.set(label, (counts.get(label) ?? 0) + 1);
  const told = [...labels].map(([e, label]) =>
    counts.get(label)! > 1 || label === '' ? `${label} (${data.experiments[e]!.id})` : label,
  );
  const short = abbreviated(told, LONGEST);
  return new Map([...labels.keys()].map((e, i) => [e, short[i]!]));
}

function namesOfSweep(data: Data, experiments: readonly number[]): SectionNames | undefined {
  const [sweep, ...others] = sectionSweeps(data, experiments);
  if (!sweep || others.length > 0 || sweep.points.length !== experiments.length) return undefined;
  const settings = sweep.paths.map((path) => settingNames(sweep.paths).get(path)!);
  const named = (withSettings: boolean): Map<number, string> =>
    new Map(
      sweep.points.map(({ experiment, values, isMember }) => {
        const texts = values.map((value, i) => `${withSettings ? `${settings[i]!} ` : ''}${settingText(value)}`);
        const title = isMember ? '' : ` (${data.experiments[experiment]!.title})`;
        return [experiment, texts.join(', ') + title];
      }),
    );
  return {
    heading: settings.join(', '),
    labels: distinct(data, named(false)),
    names: distinct(data, named(true)),
  };
}

function mixedNames(data: Data, experiments: readonly number[]): SectionNames {
  const title = (e: number): string => data.experiments[e]!.title;
  const full = new Map(experiments.map((e) => [e, title(e)]));
  const sweeps = sectionSweeps(data, experiments).map(({ paths, points, group }) => {
    const members = points.filter((point) => point.isMember);
    const titles = data.experiments.filter((e) => e.group === group).map((e) => e.title);
    return { paths, members, stem: stemOf(titles, paths) };
  });
  for (const { paths, members, stem } of sweeps) {
    const phrase = firstPhrase(stem);
    const isTaken = sweeps.filter((other) => firstPhrase(other.stem) === phrase && other.paths.join() === paths.join());
    const settings = settingNames(paths);
    for (const { experiment, values } of members) {
      const point = paths.map((path, i) => `${settings.get(path)!} ${settingText(values[i])}`).join(', ');
      full.set(experiment, `${isTaken.length > 1 ? stem : phrase}, ${point}`);
    }
  }
  const names = distinct(data, full);
  const short = experiments.length > 1 ? stripped([...names.values()]) : undefined;
  return {
    heading: short?.heading ?? null,
    labels: short ? new Map([...names.keys()].map((e, i) => [e, short.labels[i]!])) : names,
    names,
  };
}

/**
 * Names of a section's experiments, by index: without what they share, and never cut where they differ. Legends, end
 * labels, tables and sentences of the section use them.
 */
export function sectionNames(data: Data, experiments: readonly number[]): SectionNames {
  const unique = [...new Set(experiments)];
  return namesOfSweep(data, unique) ?? mixedNames(data, unique);
}
