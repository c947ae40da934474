import type { CheckpointComparison, RecipeComparison } from '@bakeoff/core';
import { isDecided, reverseVerdict, type Verdict } from '@bakeoff/statistics';
import { points } from '@bakeoff/statistics/formats';
import { clip } from '../../text/clip.ts';
import { INK } from '../axes.ts';
import type { Drawing, Drawn, Group } from '../chart.ts';
import { leading } from '../groups.ts';
import { leftOut } from '../labels.ts';
import { rowLabels } from '../row-labels.ts';

export const SYMBOLS = { better: '\u25B2', worse: '\u25BC', suggestive: '\u223F', noEvidence: '\u2248' } as const;

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  better: 'better',
  worse: 'worse',
  suggestive: 'suggestive, but not after the correction',
  noEvidence: 'no evidence of a difference',
};

interface AgainstBaseline {
  readonly group: Group;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: Verdict;
  readonly single: boolean;
}

function againstBaseline({ data, groups, section }: Drawing): AgainstBaseline[] {
  const compared = section === null ? undefined : data.sections[section];
  const baseline = data.experiments[compared?.baseline ?? -1]?.id;
  if (!compared || compared.scheme !== 'baseline' || baseline === undefined) return [];
  return groups.flatMap((group): AgainstBaseline[] => {
    const id = data.experiments[group.experiment]!.id;
    const fits = (p: RecipeComparison | CheckpointComparison): boolean =>
      (p.a.experimentId === id && p.b.experimentId === baseline) ||
      (p.b.experimentId === id && p.a.experimentId === baseline);
    const pair = id === baseline ? undefined : (compared.recipePairs.find(fits) ?? compared.checkpoints.find(fits));
    if (!pair) return [];
    const isFirst = pair.a.experimentId === id;
    const { low, high } = pair.interval;
    return [
      {
        group,
        difference: isFirst ? pair.difference : -pair.difference,
        low: isFirst ? low : -high,
        high: isFirst ? high : -low,
        verdict: isFirst ? pair.verdict : reverseVerdict(pair.verdict),
        single: pair.kind === 'checkpoints',
      },
    ];
  });
}

const MAX_FOREST = 24;

/**
 * Differences with their intervals if each experiment was compared only with the baseline; null if the pairs make a
 * matrix.
 */
export function drawForest(drawing: Drawing): Drawn | null {
  const { data, document, groups, width, section, plot } = drawing;
  const { dot, link, ruleX, text } = plot;
  const all = againstBaseline(drawing);
  if (all.length === 0) return null;
  const kept = new Set(
    leading(
      data,
      all.map((row) => row.group),
      MAX_FOREST,
    ),
  );
  const rows = all.filter((row) => kept.has(row.group)).sort((a, b) => b.difference - a.difference);
  const base = data.sections[section ?? 0]!.baseline ?? 0;
  const baseline =
    groups.find((group) => group.experiment === base)?.name ?? clip(data.experiments[base]?.title ?? '', 120);
  const alt = `Differences of test accuracy from the baseline ${baseline}, in points, with 95 % intervals. ${rows
    .slice(0, 12)
    .map((row) => `${row.group.name}: ${points(row.difference)}, ${VERDICT_WORDS[row.verdict]}`)
    .join('; ')}.`;
  const narrow = width < 560;
  const labels = rowLabels(
    rows.map((row) => row.group),
    width,
  );
  const svg = plot.draw(document, alt, {
    width,
    height: 64 + rows.length * 24,
    marginLeft: labels.margin,
    marginRight: 84,
    marginTop: 14,
    marginBottom: 40,
    x: {
      grid: true,
      label: 'points of test accuracy against the baseline',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: (v: number) => points(v, 1),
      nice: true,
      ticks: narrow ? 4 : 8,
    },
    y: labels.axis,
    marks: [
      ruleX([0], { stroke: INK }),
      link(rows, {
        x1: 'low',
        x2: 'high',
        y1: 'group',
        y2: 'group',
        stroke: (r: AgainstBaseline) => r.group.style.color,
        strokeWidth: 1.6,
      }),
      ...rows.map((row) =>
        dot([row], {
          x: 'difference',
          y: 'group',
          r: 4.2,
          fill: !isDecided(row.verdict) ? 'var(--paper)' : row.group.style.color,
          stroke: row.group.style.color,
          symbol: row.group.style.marker,
        }),
      ),
      text(rows, {
        y: 'group',
        frameAnchor: 'right',
        dx: 8,
        textAnchor: 'start',
        text: (r: AgainstBaseline) => `${SYMBOLS[r.verdict]} ${points(r.difference)}${r.single ? '*' : ''}`,
        fill: INK,
        fontSize: 11,
      }),
    ],
    color: { type: 'identity' },
  });
  const marked = rows.some((row) => row.single)
    ? ' *: compares single trained models on the same images, which says nothing about other seeds.'
    : '';
  return {
    panels: [{ title: null, alt, svg }],
    legend: [],
    note:
      `Each experiment against the baseline ${baseline}, with 95 % intervals. ` +
      '\u25B2 better, \u25BC worse, \u223F and hollow: suggestive, but not after the correction; \u2248 and hollow: no evidence of a difference. ' +
      `Significance level ${data.significanceLevel}, adjusted by Holm\u2019s method.` +
      `${marked}${leftOut(rows.length, all.length)}`,
  };
}
