import { widestLine } from '../text/wrap-labels.ts';
import type { Group, LegendEntry } from './chart.ts';
import { seriesKey } from './series-key.ts';

export function leftOut(shown: number, all: number): string {
  return shown < all
    ? ` Shown: the ${shown} of ${all} with the highest validation accuracy; pick runs in the table to see others.`
    : '';
}

/** The legend of a figure's groups, with what their labels have in common above it. */
export function legendOf(groups: readonly Group[]): { legend: LegendEntry[]; legendTitle: string | null } {
  return {
    legend: groups.map((group) => ({ label: group.label, style: group.style, series: seriesKey(group) })),
    legendTitle: groups[0]?.heading ?? null,
  };
}

/** The name of a group of which one run is shown. */
export const withSeed = ({ name, runs }: Group, seed: number): string =>
  runs.length === 1 && name.endsWith(`, seed ${seed}`) ? name : `${name}, seed ${seed}`;

/** The text of charts of evaluations if there are none. */
export const NOT_EVALUATED = { empty: 'None of these runs has been evaluated.' } as const;

/** Ticks whose labels do not overlap: the first, the last, and others as far as there is room. */
export function labeledValues(places: readonly { readonly at: number; readonly text: string }[]): Set<number> {
  const kept = new Set<number>();
  let edge = -Infinity;
  const last = places.at(-1);
  places.forEach(({ at, text }, i) => {
    const half = widestLine([text], 12) / 2 + 4;
    const limit = last === places[i] ? Infinity : last!.at - widestLine([last!.text], 12) / 2 - 4;
    if (at - half < edge || at + half > limit) return;
    kept.add(i);
    edge = at + half;
  });
  return kept;
}
