import { cell, dot, link, ruleX, text } from '@observablehq/plot';
import type { CheckpointComparison, RecipeComparison } from '@bakeoff/core';
import { reverseVerdict, type Verdict } from '@bakeoff/statistics';
import { points } from '@bakeoff/statistics/formats';
import { verdictOn } from '../verdicts/verdict-on.ts';
import { plural } from '../text/plural.ts';
import { hue, marker } from './palette.ts';
import { INK, MUTED, drawPlot } from './plot.ts';
import { type Drawing, type Drawn, type Group, leading, leftOut, shortLabel, titleOf } from './view.ts';

const MAX_VERDICTS = 14;

const letter = (i: number): string => String.fromCharCode(65 + i);

const SYMBOLS = { better: '\u25B2', worse: '\u25BC', noEvidence: '\u2248' } as const;

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

/** Where each experiment was compared with the baseline alone: differences with their intervals; null where pairs make a matrix. */
function drawForest(drawing: Drawing): Drawn | null {
  const { data, document, width, section } = drawing;
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
  const baseline = titleOf(data, data.sections[section ?? 0]!.baseline ?? 0);
  const alt = `Differences of test accuracy from the baseline ${baseline}, in points, with 95 % intervals. ${rows
    .slice(0, 12)
    .map(
      (row) =>
        `${shortLabel(row.group)}: ${points(row.difference)}, ${row.verdict === 'noEvidence' ? 'no evidence of a difference' : row.verdict}`,
    )
    .join('; ')}.`;
  const narrow = width < 560;
  const svg = drawPlot(document, alt, {
    width,
    height: 64 + rows.length * 24,
    marginLeft: narrow ? 110 : 230,
    marginRight: 84,
    marginTop: 14,
    marginBottom: 40,
    x: {
      grid: true,
      label: `points of test accuracy against ${baseline}`,
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: (v: number) => points(v, 1),
      nice: true,
      ticks: narrow ? 4 : 8,
    },
    y: {
      type: 'band',
      domain: rows.map((row) => row.group),
      tickFormat: (group: Group) => shortLabel(group, narrow ? 15 : 32),
      label: null,
      tickSize: 0,
    },
    marks: [
      ruleX([0], { stroke: INK }),
      link(rows, {
        x1: 'low',
        x2: 'high',
        y1: 'group',
        y2: 'group',
        stroke: (r: AgainstBaseline) => hue(r.group.experiment),
        strokeWidth: 1.6,
      }),
      ...rows.map((row) =>
        dot([row], {
          x: 'difference',
          y: 'group',
          r: 4.2,
          fill: row.verdict === 'noEvidence' ? 'var(--paper)' : hue(row.group.experiment),
          stroke: hue(row.group.experiment),
          symbol: marker(row.group.experiment),
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
    ? ' *: by single trained models on the same images, which says nothing about other seeds.'
    : '';
  return {
    panels: [{ title: null, alt, svg }],
    legend: [],
    note: `Each experiment against the baseline, with 95 % intervals. \u25B2 better, \u25BC worse, \u2248 and hollow: no evidence of a difference; level ${data.significanceLevel}, adjusted by Holm\u2019s method.${marked}${leftOut(rows.length, all.length)}`,
  };
}

/** The matrix of verdicts: row against column, with the difference in points. */
export function drawVerdicts(drawing: Drawing): Drawn {
  const { data, groups, document, width } = drawing;
  const forest = drawForest(drawing);
  if (forest) return forest;
  const compared = groups.filter((a) =>
    groups.some(
      (b) => a !== b && verdictOn(data, data.experiments[a.experiment]!.id, data.experiments[b.experiment]!.id),
    ),
  );
  if (compared.length < 2) return { empty: 'No two of these experiments were compared by a test.' };
  const shown = [...new Set(leading(data, compared, MAX_VERDICTS).map((g) => g.experiment))];
  const cells = shown.flatMap((a, row) =>
    shown.flatMap((b, column) => {
      if (a === b) return [];
      const [ea, eb] = [data.experiments[a]!, data.experiments[b]!];
      const found = verdictOn(data, ea.id, eb.id);
      const difference = (ea.test?.mean ?? 0) - (eb.test?.mean ?? 0);
      return [{ row, column, verdict: found?.verdict, kind: found?.kind, difference }];
    }),
  );
  const label = (c: (typeof cells)[number]): string =>
    c.verdict ? `${SYMBOLS[c.verdict]} ${points(c.difference)}${c.kind === 'checkpoints' ? '*' : ''}` : '\u00B7';
  const told = cells.filter((c) => c.verdict === 'better');
  const alt = `Matrix of verdicts between ${plural(shown.length, 'experiment')}. ${
    told
      .slice(0, 12)
      .map((c) => `${titleOf(data, shown[c.row]!)} is better than ${titleOf(data, shown[c.column]!)}`)
      .join('; ') || 'No difference is shown'
  }${told.length > 12 ? '; and more' : ''}.`;
  const margin = width < 560 ? 110 : 230;
  const step = Math.min(92, (width - margin - 8) / shown.length);
  const row = Math.max(28, Math.min(44, step));
  const svg = drawPlot(document, alt, {
    width: margin + step * shown.length + 8,
    height: 38 + row * shown.length,
    marginLeft: margin,
    marginTop: 30,
    marginRight: 8,
    marginBottom: 8,
    padding: 0.06,
    x: { domain: shown.map((_, i) => i), axis: 'top', tickFormat: letter, tickSize: 0, label: null },
    y: {
      domain: shown.map((_, i) => i),
      tickFormat: (i: number) => `${titleOf(data, shown[i]!, width < 560 ? 13 : 30)}  ${letter(i)}`,
      tickSize: 0,
      label: null,
    },
    marks: [
      cell(cells, {
        x: 'column',
        y: 'row',
        fill: (c) =>
          c.verdict === 'better' ? 'var(--tint-up)' : c.verdict === 'worse' ? 'var(--tint-down)' : 'var(--tint-none)',
        fillOpacity: (c) => (c.verdict === undefined ? 0.25 : c.verdict === 'noEvidence' ? 0.9 : 0.22),
        rx: 3,
      }),
      text(
        cells.filter((c) => c.verdict === 'better' || c.verdict === 'worse'),
        { x: 'column', y: 'row', text: (c) => label(c), fill: INK, fontWeight: 600, fontSize: step < 56 ? 9.5 : 11.5 },
      ),
      text(
        cells.filter((c) => c.verdict !== 'better' && c.verdict !== 'worse'),
        { x: 'column', y: 'row', text: (c) => label(c), fill: MUTED, fontSize: step < 56 ? 9.5 : 11.5 },
      ),
    ],
    color: { type: 'identity' },
    opacity: { type: 'identity' },
  });
  const marked = cells.some((c) => c.kind === 'checkpoints')
    ? ' *: by single trained models on the same images, which says nothing about other seeds.'
    : '';
  return {
    panels: [{ title: null, alt, svg }],
    legend: [],
    note: `Row against column, difference of mean test accuracy in points. \u25B2 better, \u25BC worse, \u2248 no evidence of a difference, \u00B7 not compared; level ${data.significanceLevel}, adjusted by Holm\u2019s method.${marked}${leftOut(shown.length, compared.length)}`,
  };
}
