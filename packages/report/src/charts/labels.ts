import type { ReportData } from '../data/report-data.ts';
import { clipMiddle } from '../text/clip.ts';
import type { Group, LegendEntry } from './chart.ts';

export function leftOut(shown: number, all: number): string {
  return shown < all
    ? ` Shown: the ${shown} of ${all} with the highest validation accuracy; pick runs in the table to see others.`
    : '';
}

export const shortLabel = (group: Group, length = 34): string => {
  const seed = group.label.match(/, seed \d+$/)?.[0] ?? '';
  return clipMiddle(group.label.slice(0, group.label.length - seed.length), Math.max(7, length - seed.length)) + seed;
};
export const titleOf = (data: ReportData, experiment: number, length = 34): string =>
  clipMiddle(data.experiments[experiment]?.title ?? '', length);
export const legendOf = (groups: readonly Group[]): LegendEntry[] =>
  groups.map(({ experiment, variant, label }) => ({ experiment, variant, label }));

/** The text of charts of evaluations if there are none. */
export const NOT_EVALUATED = { empty: 'None of these runs has been evaluated.' } as const;
