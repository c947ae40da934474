import { barX, dot, line, link, ruleX, ruleY, text } from '@observablehq/plot';
import { mean } from '@bakeoff/statistics';
import { percent, percentTick, pointsApart } from '@bakeoff/statistics/formats';
import { SCORE_FIGURES, scoreFigure } from '@bakeoff/statistics/metrics';
import { clip } from '../text/clip.ts';
import { hue, marker } from './palette.ts';
import { FAINT, INK, MUTED, drawPlot } from './plot.ts';
import {
  type Drawing,
  type Drawn,
  type Group,
  leading,
  leftOut,
  legendOf,
  representative,
  runsOf,
  shortLabel,
} from './view.ts';

const NONE = { empty: 'None of these runs has been evaluated.' } as const;

/** Recall of each class, mean over the group's evaluated runs. */
function recalls({ data }: Drawing, group: Group): { name: string; recall: number }[] {
  const evaluations = runsOf(data, group).flatMap((run) => run.evaluation ?? []);
  return (evaluations[0]?.test.perClass ?? []).map(({ name }, c) => ({
    name,
    recall: mean(evaluations.map((e) => e.test.perClass[c]?.recall ?? Number.NaN)),
  }));
}

/** Bars of accuracy by class, one an experiment, in facets by class. */
export function drawPerClass(drawing: Drawing): Drawn {
  const { data, groups, width, document } = drawing;
  const evaluated = groups.filter((group) => representative(data, group) !== undefined);
  if (evaluated.length === 0) return NONE;
  const shown = leading(data, evaluated, 6);
  const rows = shown.flatMap((group) => recalls(drawing, group).map((row, c) => ({ ...row, class: c, group })));
  const classes = data.datasets[data.experiments[shown[0]!.experiment]!.dataset]?.classes ?? [];
  const best = shown
    .map((group) => ({ group, rows: recalls(drawing, group) }))
    .map(({ group, rows }) => {
      const sorted = [...rows].sort((a, b) => a.recall - b.recall);
      return `${shortLabel(group)}: lowest ${clip(sorted[0]?.name ?? '', 24)} ${percent(sorted[0]?.recall ?? 0)}, highest ${clip(sorted.at(-1)?.name ?? '', 24)} ${percent(sorted.at(-1)?.recall ?? 0)}`;
    });
  const alt = `Bar chart. Share of each class\u2019s test images classified correctly. ${best.join('; ')}.`;
  const bar = Math.max(7, 18 - 2 * shown.length);
  const svg = drawPlot(document, alt, {
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
      label: 'right among the class\u2019s test images (recall)',
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
      barX(rows, { x: 'recall', y: 'group', fy: 'class', fill: (r) => hue(r.group.experiment), rx2: 2 }),
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
    legend: legendOf(shown),
    note: `Within a class, bars stand in the order of the legend; means over seeds.${leftOut(shown.length, evaluated.length)}`,
  };
}

/** Said beside each diagram: how far it lies from the diagonal first. */
const FIGURES = [scoreFigure('ece'), ...SCORE_FIGURES.filter(({ shownIn }) => shownIn.includes('reliability'))];

/** Accuracy against confidence in bins: on the diagonal, confidence can be believed. */
export function drawReliability(drawing: Drawing): Drawn {
  const { data, groups, document } = drawing;
  const evaluated = groups.filter((group) => representative(data, group) !== undefined);
  if (evaluated.length === 0) return NONE;
  const shown = leading(data, evaluated, 6);
  const columns = drawing.width > 700 ? 3 : drawing.width > 480 ? 2 : 1;
  const width = Math.min(360, Math.floor((drawing.width - 20 * (columns - 1)) / columns));
  const panels = shown.map((group) => {
    const run = data.runs[representative(data, group)!]!;
    const { calibration } = run.evaluation!.test;
    const bins = calibration.bins.filter((bin) => bin.count > 0);
    const title = /, seed \d+$/.test(group.label)
      ? shortLabel(group, 40)
      : `${shortLabel(group, 30)}, seed ${run.seed}`;
    const alt = `Reliability diagram of ${title}: expected calibration error ${percent(calibration.expectedCalibrationError)} over ${calibration.bins.length} bins. In the most confident bin, confidence ${percent(bins.at(-1)?.confidence ?? 0)} and accuracy ${percent(bins.at(-1)?.accuracy ?? 0)}.`;
    const svg = drawPlot(document, alt, {
      width,
      height: width * 0.95,
      marginLeft: 46,
      marginRight: 20,
      marginTop: 24,
      marginBottom: 38,
      x: {
        domain: [0, 1],
        label: 'confidence',
        labelAnchor: 'center',
        labelArrow: 'none',
        tickFormat: percentTick,
        ticks: 4,
      },
      y: { domain: [0, 1], label: 'accuracy', labelArrow: 'none', tickFormat: percentTick, ticks: 4, grid: true },
      marks: [
        line(
          [
            [0, 0],
            [1, 1],
          ],
          { stroke: MUTED, strokeDasharray: '3 3' },
        ),
        ruleX(bins, {
          x: (b) => (b.low + b.high) / 2,
          y1: 0,
          y2: (b) => (0.3 * b.count) / Math.max(...bins.map((o) => o.count)),
          stroke: FAINT,
          strokeWidth: Math.max(3, (width - 58) / calibration.bins.length - 2),
          strokeLinecap: 'butt',
        }),
        link(bins, {
          x1: 'confidence',
          x2: 'confidence',
          y1: 'confidence',
          y2: 'accuracy',
          stroke: hue(group.experiment),
          strokeOpacity: 0.5,
        }),
        line(bins, { x: 'confidence', y: 'accuracy', stroke: hue(group.experiment), strokeWidth: 1.6 }),
        dot(bins, {
          x: 'confidence',
          y: 'accuracy',
          fill: hue(group.experiment),
          r: 3.2,
          symbol: marker(group.experiment + group.variant),
        }),
        text(
          [
            FIGURES.map((figure) => {
              const value = figure.of(run.evaluation!.test);
              return `${figure.name} ${value === null ? '–' : figure.format(value)}`;
            }).join('\n'),
          ],
          { frameAnchor: 'top-left', dx: 8, dy: 6, fill: INK, lineHeight: 1.25 },
        ),
      ],
    });
    return { title, alt, svg };
  });
  return {
    panels,
    legend: [],
    note: `Below the diagonal a model is more confident than right. Grey bars: share of images in each bin, the tallest the fullest. ECE: expected calibration error over these bins; NLL: negative log likelihood. Of several seeds, the run with the highest validation accuracy.${leftOut(shown.length, evaluated.length)}`,
  };
}

/** Training, validation and test accuracy of each experiment on one line. */
export function drawGap(drawing: Drawing): Drawn {
  const { data, groups, width, document } = drawing;
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
  if (all.length === 0) return NONE;
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
    .map((row) => `${shortLabel(row.group)}: ${percent(row.train)}, ${percent(row.validation)}, ${percent(row.test)}`)
    .join('; ')}.`;
  const narrow = width < 560;
  const svg = drawPlot(document, alt, {
    width,
    height: 64 + rows.length * 26,
    marginLeft: narrow ? 110 : 220,
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
    y: {
      type: 'band',
      domain: rows.map((row) => row.group),
      tickFormat: (group: Group) => shortLabel(group, narrow ? 15 : 32),
      label: null,
      tickSize: 0,
    },
    marks: [
      ruleY(rows, {
        y: 'group',
        x1: 'test',
        x2: 'train',
        stroke: (r) => hue(r.group.experiment),
        strokeWidth: 2,
        strokeOpacity: 0.55,
      }),
      dot(rows, {
        x: 'train',
        y: 'group',
        r: 4,
        stroke: (r) => hue(r.group.experiment),
        fill: 'var(--paper)',
        symbol: 'triangle2',
      }),
      dot(rows, { x: 'validation', y: 'group', r: 4, stroke: (r) => hue(r.group.experiment), fill: 'var(--paper)' }),
      dot(rows, { x: 'test', y: 'group', r: 4.5, fill: (r) => hue(r.group.experiment) }),
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
    note: `Filled: test; circle: validation; triangle: training, as trained, at the best epoch. The figure is training minus test, in points; means over seeds.${leftOut(rows.length, all.length)}`,
  };
}
