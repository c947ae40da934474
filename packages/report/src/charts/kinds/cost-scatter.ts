import { type Interval, mean } from '@bakeoff/statistics';
import { percent, percentTick, scaled } from '@bakeoff/statistics/formats';
import type { Markish } from '@observablehq/plot';
import { plural } from '../../text/plural.ts';
import type { RunMeasurement } from '../../data/measurements.ts';
import type { ReportRun } from '../../data/report-data.ts';
import { widestLine, wrapLabels } from '../../text/wrap-labels.ts';
import { verdictOn } from '../../verdicts/verdict-on.ts';
import { callsForLog, countAxisTick, INK, MUTED, smallTick } from '../axes.ts';
import type { Chart, Drawing, Drawn, Group } from '../chart.ts';
import { groupAccuracy, runsOf } from '../groups.ts';
import { NOT_EVALUATED } from '../labels.ts';
import { type Box, placeLabels } from '../place-labels.ts';
import { logTicks, roundTicks } from '../ticks.ts';
import { notShownWorse, paretoFront } from './pareto-front.ts';

/** The cost that test accuracy is drawn against. */
interface CostAxis {
  readonly title: string;
  readonly label: string;
  readonly unit: string;
  readonly needs: Chart['needs'];
  /** The text if there is nothing to draw. */
  readonly empty: string;
  readonly of: (run: ReportRun, measured: RunMeasurement | null) => number | null | undefined;
}

const EVALUATED = { unit: '', needs: 'records', empty: NOT_EVALUATED.empty } as const;

/** With more points than this, intervals only cover each other. */
const CROWD = 40;

interface Point {
  readonly group: Group;
  readonly cost: number;
  readonly accuracy: number;
  /** Null if nothing is known of how far it may be from the truth. */
  readonly interval: Interval | null;
}

function costs({ data, measurements }: Drawing, axis: CostAxis, runs: readonly number[]): number[] {
  return runs.flatMap((index): number[] => {
    const run = data.runs[index];
    if (!run?.evaluation) return [];
    const value = axis.of(run, measurements?.runs[index] ?? null);
    return typeof value === 'number' && value > 0 ? [value] : [];
  });
}

/** Whether a test, or else intervals that do not overlap, show that `a` is more accurate than `b`. */
function isShownBetter({ data }: Drawing, a: Point, b: Point): boolean {
  const [ea, eb] = [a, b].map(({ group }) => data.experiments[group.experiment]!);
  const isWhole = [a, b].every(({ group }, i) => group.runs.length === [ea!, eb!][i]!.runs.length);
  const tested = isWhole && ea !== eb ? verdictOn(data, ea!.id, eb!.id) : undefined;
  if (tested) return tested.verdict === 'better';
  return a.interval !== null && b.interval !== null && a.interval.low > b.interval.high;
}

function pointsOf(drawing: Drawing, axis: CostAxis): Point[] {
  return drawing.groups.flatMap((group): Point[] => {
    const accuracy = groupAccuracy(drawing.data, group);
    const cost = costs(drawing, axis, group.runs);
    if (!accuracy || cost.length === 0) return [];
    return [{ group, cost: mean(cost), accuracy: accuracy.mean, interval: accuracy.interval }];
  });
}

/** Single runs of groups with several. */
function singleRuns(drawing: Drawing, axis: CostAxis): Pick<Point, 'group' | 'cost' | 'accuracy'>[] {
  const { data, groups } = drawing;
  return groups.flatMap((group) =>
    runsOf(data, group).length < 2
      ? []
      : group.runs.flatMap((i) =>
          costs(drawing, axis, [i]).map((cost) => ({
            group,
            cost,
            accuracy: data.runs[i]?.evaluation?.test.accuracy ?? 0,
          })),
        ),
  );
}

const HEIGHT = 380;
const MARGIN = { left: 60, right: 28, top: 26, bottom: 44 } as const;
const LABEL_SIZE = 11.5;

interface Scales {
  readonly log: boolean;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  readonly pixel: (point: Pick<Point, 'cost' | 'accuracy'>) => { readonly x: number; readonly y: number };
}

function scalesOf(costs: readonly number[], accuracies: readonly number[], width: number): Scales {
  const log = callsForLog(costs);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const room = Math.max(3, Math.floor((width - MARGIN.left - MARGIN.right) / 80));
  const edge = (high - low || high) * 0.08;
  const x: [number, number] = log ? [low / 1.4, high * 1.4] : [Math.max(0, low - edge), high + edge];
  const xTicks = log ? logTicks(x[0], x[1], room) : roundTicks(x[0], x[1], room).filter((v) => v >= x[0] && v <= x[1]);
  const yTicks = roundTicks(Math.min(...accuracies), Math.max(...accuracies), 6);
  const y: [number, number] = [yTicks[0]!, yTicks.at(-1)!];
  const to = log ? Math.log : (v: number): number => v;
  const pixel: Scales['pixel'] = ({ cost, accuracy }) => ({
    x: MARGIN.left + ((to(cost) - to(x[0])) / (to(x[1]) - to(x[0]))) * (width - MARGIN.left - MARGIN.right),
    y: MARGIN.top + ((y[1] - accuracy) / (y[1] - y[0])) * (HEIGHT - MARGIN.top - MARGIN.bottom),
  });
  return { log, x, y, xTicks, yTicks, pixel };
}

const around = (x: number, y: number, size: number): Box => ({
  left: x - size,
  right: x + size,
  top: y - size,
  bottom: y + size,
});

/** Labels beside their points, on no mark and no other label. */
function labelMarks(
  { plot, width }: Drawing,
  scales: Scales,
  labeled: readonly Point[],
  all: readonly Pick<Point, 'cost' | 'accuracy'>[],
  intervals: readonly Point[],
): Markish[] {
  const obstacles = [
    ...all.map((point) => scales.pixel(point)).map(({ x, y }) => around(x, y, 5)),
    ...intervals.map(({ cost, interval }): Box => {
      const { x, y: top } = scales.pixel({ cost, accuracy: interval?.high ?? 0 });
      return { left: x - 2, right: x + 2, top, bottom: scales.pixel({ cost, accuracy: interval?.low ?? 0 }).y };
    }),
  ];
  const frame = { left: MARGIN.left, right: width - 4, top: MARGIN.top - 6, bottom: HEIGHT - MARGIN.bottom };
  const texts = wrapLabels(
    labeled.map(({ group }) => group.label),
    Math.min(200, 0.42 * width),
    LABEL_SIZE,
  );
  const marks = labeled.map((point, i) => ({
    ...scales.pixel(point),
    width: widestLine([texts[i]!], LABEL_SIZE),
    height: 13.5 * texts[i]!.split('\n').length,
  }));
  const from = ({ x, y }: { readonly x: number; readonly y: number }): { cost: number; accuracy: number } => {
    const [a, b] = [
      scales.pixel({ cost: scales.x[0], accuracy: scales.y[1] }),
      scales.pixel({ cost: scales.x[1], accuracy: scales.y[0] }),
    ];
    const share = (x - a.x) / (b.x - a.x);
    const cost = scales.log
      ? scales.x[0] * (scales.x[1] / scales.x[0]) ** share
      : scales.x[0] + share * (scales.x[1] - scales.x[0]);
    return { cost, accuracy: scales.y[1] - ((y - a.y) / (b.y - a.y)) * (scales.y[1] - scales.y[0]) };
  };
  return placeLabels(marks, obstacles, frame).flatMap((label, i) => {
    const point = labeled[i]!;
    const at = from(label);
    const leader = plot.link([0], {
      x1: () => point.cost,
      y1: () => point.accuracy,
      x2: () => at.cost,
      y2: () => at.accuracy,
      stroke: MUTED,
      strokeWidth: 0.8,
    });
    const words = plot.text([texts[i]!], {
      x: () => at.cost,
      y: () => at.accuracy,
      dx: label.anchor === 'start' ? 1 : label.anchor === 'end' ? -1 : 0,
      textAnchor: label.anchor,
      fill: INK,
      stroke: 'var(--paper)',
      strokeWidth: 4,
      fontSize: LABEL_SIZE,
      lineHeight: 13.5 / LABEL_SIZE,
    });
    return label.isFar ? [leader, words] : [words];
  });
}

/** Most points that are all labeled; of more, only the front's. */
const MAX_LABELS = 24;

/**
 * Test accuracy against a cost: one mark per experiment with its interval, faint marks for its runs, and which
 * experiments are not shown to be worse than one that costs no more.
 */
function drawScatter(axis: CostAxis): (drawing: Drawing) => Drawn {
  return (drawing) => {
    const { width, document, plot } = drawing;
    const { dot, line, link } = plot;
    const points = pointsOf(drawing, axis);
    if (points.length === 0) return { empty: axis.empty };
    const front = notShownWorse(points, (a, b) => isShownBetter(drawing, a, b)).sort((a, b) => a.cost - b.cost);
    const best = paretoFront(front);
    const singles = singleRuns(drawing, axis);
    const intervals = points.length > CROWD ? [] : points.filter(({ interval }) => interval !== null);
    const labeled = points.length <= MAX_LABELS ? points : best.slice(-8);
    const scales = scalesOf(
      [...points, ...singles].map(({ cost }) => cost),
      [
        ...[...points, ...singles].map(({ accuracy }) => accuracy),
        ...intervals.flatMap(({ interval }) => [interval!.low, interval!.high]),
      ],
      width,
    );
    const isOnFront = new Set(front);
    const alt =
      `Scatter chart. Test accuracy against ${axis.label}, ${plural(points.length, 'experiment')}. ` +
      'Not shown to be worse than a cheaper one, from cheapest to most expensive: ' +
      `${front
        .slice(0, 12)
        .map((p) => `${p.group.name}, ${percent(p.accuracy)} at ${scaled(p.cost, axis.unit)}`)
        .join('; ')}${front.length > 12 ? '; and more' : ''}.`;
    const svg = plot.draw(document, alt, {
      width,
      height: HEIGHT,
      marginLeft: MARGIN.left,
      marginRight: MARGIN.right,
      marginBottom: MARGIN.bottom,
      marginTop: MARGIN.top,
      x: {
        type: scales.log ? 'log' : 'linear',
        domain: [...scales.x],
        label: `${axis.label}${scales.log ? ', logarithmic' : ''}`,
        labelAnchor: 'center',
        labelArrow: 'none',
        tickFormat: axis.unit === '' ? countAxisTick : smallTick,
        ticks: [...scales.xTicks],
      },
      y: {
        domain: [...scales.y],
        label: 'test accuracy',
        grid: true,
        labelArrow: 'none',
        tickFormat: percentTick,
        ticks: [...scales.yTicks],
      },
      marks: [
        best.length > 1
          ? line(best, { x: 'cost', y: 'accuracy', curve: 'step-after', stroke: MUTED, strokeDasharray: '3 3' })
          : null,
        dot(singles, {
          x: 'cost',
          y: 'accuracy',
          r: 2,
          fill: (p: Point) => p.group.style.color,
          fillOpacity: 0.45,
        }),
        link(intervals, {
          x1: 'cost',
          x2: 'cost',
          y1: (p: Point) => p.interval!.low,
          y2: (p: Point) => p.interval!.high,
          stroke: (p: Point) => p.group.style.color,
          strokeWidth: 1.3,
        }),
        ...points.map((p) =>
          dot([p], {
            x: 'cost',
            y: 'accuracy',
            r: points.length > CROWD ? 3 : 5,
            fill: isOnFront.has(p) ? p.group.style.color : 'var(--paper)',
            stroke: p.group.style.color,
            strokeWidth: 1.4,
            symbol: p.group.style.marker,
          }),
        ),
        ...labelMarks(drawing, scales, labeled, [...points, ...singles], intervals),
      ],
      color: { type: 'identity' },
    });
    const dominated = points.length - front.length;
    return {
      panels: [{ title: null, alt, svg }],
      legend: [],
      legendTitle: points[0]!.group.heading,
      note: [
        dominated > 0
          ? 'Filled: not shown to be worse than one that costs no more. Hollow: shown to be.'
          : 'None is shown to be worse than one that costs no more.',
        best.length > 1 ? 'Dotted: the highest mean up to each cost, among the filled ones.' : '',
        singles.length > 0 ? 'Small dots: single runs.' : '',
        intervals.length > 0
          ? 'Vertical lines: 95 % interval (of the mean over seeds; with one seed, for the test images).'
          : '',
        labeled.length < points.length ? `Labeled: ${labeled.length} of ${points.length} experiments.` : '',
      ]
        .filter(Boolean)
        .join(' '),
    };
  };
}

const scatter = (axis: CostAxis): Chart => ({ title: axis.title, needs: axis.needs, draw: drawScatter(axis) });

export const accuracyVsMacs = scatter({
  ...EVALUATED,
  title: 'Accuracy against multiply-accumulates',
  label: 'multiply-accumulates per image (MACs)',
  of: (run) => run.macs,
});

export const accuracyVsParameters = scatter({
  ...EVALUATED,
  title: 'Accuracy against parameters',
  label: 'parameters',
  of: (run) => run.parameters,
});

export const accuracyVsTrainingCost = scatter({
  ...EVALUATED,
  title: 'Accuracy against training cost',
  label: 'training cost (FLOPs)',
  of: (run) => run.evaluation?.trainingFlops,
});

export const accuracyVsLatency = scatter({
  title: 'Accuracy against latency',
  label: 'time to classify one image (ms, median)',
  unit: 'ms',
  needs: 'measurements',
  empty: 'No latency was measured for these runs.',
  of: (_run, measured) => {
    const latency = measured?.latency ?? [];
    return (latency.find(({ batchSize }) => batchSize === 1) ?? latency[0])?.medianMs;
  },
});
