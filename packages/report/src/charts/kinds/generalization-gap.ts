import { mean } from '@bakeoff/statistics';
import { percent, percentTick, pointsApart } from '@bakeoff/statistics/formats';
import { INK } from '../axes.ts';
import type { Chart, Drawing, Drawn } from '../chart.ts';
import { leading, runsOf } from '../groups.ts';
import { NOT_EVALUATED, leftOut } from '../labels.ts';
import { rowLabels } from '../row-labels.ts';

/** Training, validation and test accuracy of each experiment on one line. */
function drawGap(drawing: Drawing): Drawn {
  const { data, groups, width, document, plot } = drawing;
  const { dot, ruleY, text } = plot;
  const all = groups.flatMap((group) => {
    const runs = runsOf(data, group).filter((run) => run.evaluation);
    if (runs.length === 0) return [];
    const test = mean(runs.map((run) => run.evaluation!.test.accuracy));
    return [
      {
        group,
        test,
        validation: mean(runs.map((run) => run.evaluation!.validation.accuracy)),
        train: mean(runs.map((run) => run.evaluation!.test.accuracy + run.evaluation!.generalizationGap)),
      },
    ];
  });
  if (all.length === 0) return NOT_EVALUATED;
  const kept = new Set(
    leading(
      data,
      all.map((row) => row.group),
      24,
    ),
  );
  const rows = all.filter((row) => kept.has(row.group));
  const alt = `Dot chart. Training, validation and test accuracy. ${rows
    .slice(0, 10)
    .map((row) => `${row.group.name}: ${percent(row.train)}, ${percent(row.validation)}, ${percent(row.test)}`)
    .join('; ')}.`;
  const narrow = width < 560;
  const labels = rowLabels(
    rows.map((row) => row.group),
    width,
  );
  const svg = plot.draw(document, alt, {
    width,
    height: 64 + rows.length * 26,
    marginLeft: labels.margin,
    marginRight: 64,
    marginTop: 22,
    marginBottom: 36,
    x: {
      tickFormat: percentTick,
      grid: true,
      label: 'accuracy',
      labelAnchor: 'center',
      labelArrow: 'none',
      nice: true,
      ticks: narrow ? 4 : 8,
    },
    y: labels.axis,
    marks: [
      ruleY(rows, {
        y: 'group',
        x1: 'test',
        x2: 'train',
        stroke: (r) => r.group.style.color,
        strokeWidth: 2,
        strokeOpacity: 0.55,
      }),
      dot(rows, {
        x: 'train',
        y: 'group',
        r: 4,
        stroke: (r) => r.group.style.color,
        fill: 'var(--paper)',
        symbol: 'triangle2',
      }),
      dot(rows, { x: 'validation', y: 'group', r: 4, stroke: (r) => r.group.style.color, fill: 'var(--paper)' }),
      dot(rows, { x: 'test', y: 'group', r: 4.5, fill: (r) => r.group.style.color }),
      text(rows, {
        x: (r) => Math.max(r.train, r.test, r.validation),
        y: 'group',
        text: (r) => `${r.train < r.test ? '\u2212' : ''}${pointsApart(r.train - r.test)}`,
        dx: 10,
        textAnchor: 'start',
        fill: INK,
        fontSize: 11,
      }),
    ],
    color: { type: 'identity' },
  });
  return {
    panels: [{ title: null, alt, svg }],
    legend: [],
    note:
      'Filled dot: test; circle: validation; triangle: training (as trained), all at the best epoch. ' +
      `The number is training minus test, in points. Means over seeds.${leftOut(rows.length, all.length)}`,
  };
}

export const generalizationGap: Chart = { title: 'Generalization gap', needs: 'records', draw: drawGap };
