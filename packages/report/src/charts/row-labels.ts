import { widestLine, wrapLabels } from '../text/wrap-labels.ts';
import type { Group } from './chart.ts';

const FONT_SIZE = 12;
/** Room between labels and frame. */
const GAP = 12;

/** The labels of a chart with one row per group: their texts, the pixels they take at the left, and their axis. */
export function rowLabels(
  groups: readonly Group[],
  width: number,
): { readonly margin: number; readonly texts: ReadonlyMap<Group, string>; readonly axis: object } {
  const shown = wrapLabels(
    groups.map(({ label }) => label),
    Math.min(240, 0.36 * width),
    FONT_SIZE,
  );
  const texts = new Map(groups.map((group, i) => [group, shown[i]!]));
  const axis = {
    type: 'band',
    domain: groups,
    tickFormat: (group: Group) => texts.get(group) ?? '',
    label: groups[0]?.heading ?? null,
    labelAnchor: 'top',
    labelArrow: 'none',
    tickSize: 0,
  } as const;
  return { margin: Math.ceil(widestLine(shown, FONT_SIZE)) + GAP, texts, axis };
}
