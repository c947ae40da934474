import { mean } from '@bakeoff/statistics';
import { countTick, percent, percentTick, scaled } from '@bakeoff/statistics/formats';
import { plural } from '../../text/plural.ts';
import type { RunMeasurement } from '../../data/measurements.ts';
import type { ReportRun } from '../../data/report-data.ts';
import { FAINT, INK, MUTED, callsForLog } from '../axes.ts';
import type { Chart, Drawing, Drawn, Group } from '../chart.ts';
import { groupAccuracy, runsOf } from '../groups.ts';
import { NOT_EVALUATED, legendOf } from '../labels.ts';
import { paretoFront } from './pareto-front.ts';

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
  readonly low: number;
  readonly high: number;
}

function costs({ data, measurements }: Drawing, axis: CostAxis, runs: readonly number[]): number[] {
  return runs.flatMap((index): number[] => {
    const run = data.runs[index];
    if (!run?.evaluation) return [];
    const value = axis.of(run, measurements?.runs[index] ?? null);
    return typeof value === 'number' && value > 0 ? [value] : [];
  });
}

/**
 * Test accuracy against a cost: one mark per experiment with its interval, faint marks for its runs, and the Pareto
 * front.
 */
function drawScatter(axis: CostAxis): (drawing: Drawing) => Drawn {
  return (drawing) => {
    const { data, groups, width, document, plot } = drawing;
    const { dot, line, link, text } = plot;
    const points = groups.flatMap((group): Point[] => {
      const accuracy = groupAccuracy(data, group);
      const cost = costs(drawing, axis, group.runs);
      if (!accuracy || cost.length === 0) return [];
      return [
        {
          group,
          cost: mean(cost),
          accuracy: accuracy.mean,
          low: accuracy.interval?.low ?? accuracy.mean,
          high: accuracy.interval?.high ?? accuracy.mean,
        },
      ];
    });
    if (points.length === 0) return { empty: axis.empty };
    const front = paretoFront(points);
    const singles = groups.flatMap((group) =>
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
    const log = callsForLog(points.map((p) => p.cost));
    const labeled = points.length <= 12 ? points : front.slice(-8);
    const all = [...points.map((p) => p.cost), ...singles.map((p) => p.cost)];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const alt =
      `Scatter chart. Test accuracy against ${axis.label}, ${plural(points.length, 'experiment')}. ` +
      'On the Pareto front, from cheapest to most expensive: ' +
      `${front.map((p) => `${p.group.name}, ${percent(p.accuracy)} at ${scaled(p.cost, axis.unit)}`).join('; ')}.`;
    const svg = plot.draw(document, alt, {
      width,
      height: 360,
      marginLeft: 56,
      marginRight: 24,
      marginBottom: 42,
      marginTop: 20,
      x: {
        type: log ? 'log' : 'linear',
        domain: log
          ? [low / 1.6, high * 2.4]
          : [Math.max(0, low - (high - low || high) * 0.1), high + (high - low || high) * 0.25],
        label: axis.label,
        labelAnchor: 'center',
        labelArrow: 'none',
        tickFormat: countTick,
        ticks: width < 560 ? 4 : 8,
      },
      y: { label: 'test accuracy', grid: true, labelArrow: 'none', tickFormat: percentTick, nice: true, inset: 10 },
      marks: [
        front.length > 1
          ? line(front, { x: 'cost', y: 'accuracy', curve: 'step-after', stroke: MUTED, strokeDasharray: '3 3' })
          : null,
        dot(singles, {
          x: 'cost',
          y: 'accuracy',
          r: 2,
          fill: (p: Point) => p.group.style.color,
          fillOpacity: 0.45,
        }),
        link(points.length > CROWD ? [] : points, {
          x1: 'cost',
          x2: 'cost',
          y1: 'low',
          y2: 'high',
          stroke: (p: Point) => p.group.style.color,
          strokeWidth: 1.3,
        }),
        ...points.map((p) =>
          dot([p], {
            x: 'cost',
            y: 'accuracy',
            r: points.length > CROWD ? 3 : 5,
            fill: p.group.style.color,
            stroke: FAINT,
            strokeWidth: 0.5,
            symbol: p.group.style.marker,
          }),
        ),
        ...spreadLabels(labeled).map(({ point, dy }) =>
          text([point], {
            x: 'cost',
            y: 'accuracy',
            text: () => point.group.label,
            dx: 9,
            dy,
            textAnchor: 'start',
            fill: INK,
            stroke: 'var(--paper)',
            strokeWidth: 4,
            fontSize: 11.5,
          }),
        ),
      ],
      color: { type: 'identity' },
    });
    const interval =
      points.length <= CROWD && points.some((p) => p.low < p.high)
        ? ' Vertical lines: 95 % interval (of the mean over seeds; with one seed, for the test images).'
        : '';
    return {
      panels: [{ title: null, alt, svg }],
      ...legendOf(labeled.length < points.length ? labeled.map((p) => p.group) : []),
      note:
        (front.length > 1
          ? 'Dotted: the Pareto front; no cheaper experiment is as accurate.'
          : 'Only one experiment is on the Pareto front: no cheaper experiment is as accurate.') +
        `${singles.length > 0 ? ' Small dots: single runs.' : ''}${interval}` +
        (labeled.length < points.length
          ? ` Labeled: the best ${labeled.length} of the front, among ${points.length} experiments.`
          : ''),
    };
  };
}

/** Offsets that separate the labels of points at equal cost, which may differ little in accuracy, as in a sweep. */
function spreadLabels(points: readonly Point[]): { point: Point; dy: number }[] {
  const byCost = new Map<number, Point[]>();
  for (const point of points) {
    const key = Math.round(Math.log(point.cost) * 6);
    byCost.set(key, [...(byCost.get(key) ?? []), point]);
  }
  const span = Math.max(...points.map((p) => p.accuracy)) - Math.min(...points.map((p) => p.accuracy)) || 1;
  return [...byCost.values()].flatMap((list) => {
    let previous = -Infinity;
    return [...list]
      .sort((a, b) => b.accuracy - a.accuracy)
      .map((point) => {
        const at = -(point.accuracy / span) * 270;
        previous = Math.max(at, previous + 13);
        return { point, dy: previous - at };
      });
  });
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
