import { mean } from '@bakeoff/statistics';
import { percent, percentTick } from '@bakeoff/statistics/formats';
import { clip } from '../../text/clip.ts';
import { INK, MUTED } from '../axes.ts';
import type { Chart, Drawing, Drawn, Group } from '../chart.ts';
import { leading, representative, runsOf } from '../groups.ts';
import { NOT_EVALUATED, leftOut, legendOf } from '../labels.ts';

/** Recall of each class, as the mean over the group's evaluated runs. */
function recalls({ data }: Drawing, group: Group): { name: string; recall: number }[] {
  const evaluations = runsOf(data, group).flatMap((run) => run.evaluation ?? []);
  return (evaluations[0]?.test.perClass ?? []).map(({ name }, c) => ({
    name,
    recall: mean(evaluations.map((e) => e.test.perClass[c]?.recall ?? Number.NaN)),
  }));
}

/** Bars of accuracy by class: one facet per class, one bar per experiment. */
function drawPerClass(drawing: Drawing): Drawn {
  const { data, groups, width, document, plot } = drawing;
  const { barX, ruleX, text } = plot;
  const evaluated = groups.filter((group) => representative(data, group) !== undefined);
  if (evaluated.length === 0) return NOT_EVALUATED;
  const shown = leading(data, evaluated, 6);
  const rows = shown.flatMap((group) => recalls(drawing, group).map((row, c) => ({ ...row, class: c, group })));
  const classes = data.datasets[data.experiments[shown[0]!.experiment]!.dataset]?.classes ?? [];
  const best = shown
    .map((group) => ({ group, rows: recalls(drawing, group) }))
    .map(({ group, rows }) => {
      const sorted = [...rows].sort((a, b) => a.recall - b.recall);
      return `${group.name}: lowest ${clip(sorted[0]?.name ?? '', 24)} ${percent(sorted[0]?.recall ?? 0)}, highest ${clip(sorted.at(-1)?.name ?? '', 24)} ${percent(sorted.at(-1)?.recall ?? 0)}`;
    });
  const alt = `Bar chart. Share of each class\u2019s test images classified correctly. ${best.join('; ')}.`;
  const bar = Math.max(7, 18 - 2 * shown.length);
  const svg = plot.draw(document, alt, {
    width,
    height: 60 + classes.length * (bar * shown.length + 8),
    marginLeft: width < 560 ? 84 : 120,
    marginRight: 52,
    marginTop: 8,
    marginBottom: 44,
    x: {
      domain: [0, 1],
      tickFormat: percentTick,
      grid: true,
      label: width < 560 ? 'recall' : 'share of the class\u2019s test images classified correctly (recall)',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: width < 560 ? 3 : 6,
    },
    y: { axis: null, domain: shown, padding: 0.12 },
    fy: {
      domain: classes.map((_, c) => c),
      tickFormat: (c: number) => clip(classes[c] ?? '', width < 560 ? 10 : 16),
      label: null,
      padding: 0.14,
      axis: 'left',
    },
    marks: [
      barX(rows, { x: 'recall', y: 'group', fy: 'class', fill: (r) => r.group.style.color, rx2: 2 }),
      ...(bar >= 9
        ? [
            text(rows, {
              x: 'recall',
              y: 'group',
              fy: 'class',
              text: (r) => percent(r.recall, 1),
              dx: 5,
              textAnchor: 'start',
              fill: INK,
              fontSize: 10.5,
            }),
          ]
        : []),
      ruleX([0], { stroke: MUTED }),
    ],
    color: { type: 'identity' },
  });
  return {
    panels: [{ title: null, alt, svg }],
    ...legendOf(shown),
    note: `Within a class, bars are in the order of the legend. Means over seeds.${leftOut(shown.length, evaluated.length)}`,
  };
}

export const perClass: Chart = { title: 'Accuracy by class', needs: 'records', draw: drawPerClass };
