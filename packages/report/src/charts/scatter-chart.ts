import { dot, line, link, text } from '@observablehq/plot';
import { mean } from '@bakeoff/statistics';
import { countTick, percent, percentTick, scaled } from '@bakeoff/statistics/formats';
import { plural } from '../text/plural.ts';
import { hue, marker } from './palette.ts';
import { FAINT, INK, MUTED, callsForLog, drawPlot } from './plot.ts';
import { type Drawing, type Drawn, type Group, groupAccuracy, legendOf, runsOf, shortLabel } from './view.ts';

export type CostAxis = 'macs' | 'parameters' | 'trainingFlops' | 'latency' | 'dollars';

const AXES: Record<CostAxis, { readonly label: string; readonly unit: string }> = {
  macs: { label: 'multiply-accumulates an image (MACs)', unit: '' },
  parameters: { label: 'parameters', unit: '' },
  trainingFlops: { label: 'training cost (FLOPs)', unit: '' },
  latency: { label: 'time to classify one image (ms, median)', unit: 'ms' },
  dollars: { label: 'cost of training a run (US dollars)', unit: '' },
};

/** Points above which intervals only cover each other. */
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
    const measured = measurements?.runs[index];
    if (!run?.evaluation) return [];
    const value = {
      macs: run.macs,
      parameters: run.parameters,
      trainingFlops: run.evaluation.trainingFlops,
      latency: measured?.latency.find((l) => l.batchSize === 1)?.medianMs ?? measured?.latency[0]?.medianMs,
      dollars: measured?.dollars,
    }[axis];
    return typeof value === 'number' && value > 0 ? [value] : [];
  });
}

/** Points that no other beats in both accuracy and cost, by rising cost. */
export function paretoFront<T extends { readonly cost: number; readonly accuracy: number }>(points: readonly T[]): T[] {
  let best = -Infinity;
  return [...points]
    .sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy)
    .filter((point) => point.accuracy > best && ((best = point.accuracy), true));
}

/** Test accuracy against a cost: one mark an experiment with its interval, faint ones for its runs, and the Pareto front. */
export function drawScatter(axis: CostAxis): (drawing: Drawing) => Drawn {
  return (drawing) => {
    const { data, groups, width, document } = drawing;
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
    if (points.length === 0)
      return {
        empty:
          axis === 'latency'
            ? 'No latency was measured for these runs.'
            : axis === 'dollars'
              ? 'No run of these was trained on a machine with a known price.'
              : 'None of these runs has been evaluated.',
      };
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
    const labelled = points.length <= 12 ? points : front.slice(-8);
    const all = [...points.map((p) => p.cost), ...singles.map((p) => p.cost)];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const alt = `Scatter chart. Test accuracy against ${AXES[axis].label}, ${plural(points.length, 'experiment')}. On the Pareto front, from cheap to dear: ${front.map((p) => `${shortLabel(p.group)}, ${percent(p.accuracy)} at ${scaled(p.cost, AXES[axis].unit)}`).join('; ')}.`;
    const svg = drawPlot(document, alt, {
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
        label: AXES[axis].label,
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
          fill: (p: Point) => hue(p.group.experiment),
          fillOpacity: 0.45,
        }),
        link(points.length > CROWD ? [] : points, {
          x1: 'cost',
          x2: 'cost',
          y1: 'low',
          y2: 'high',
          stroke: (p: Point) => hue(p.group.experiment),
          strokeWidth: 1.3,
        }),
        ...points.map((p) =>
          dot([p], {
            x: 'cost',
            y: 'accuracy',
            r: points.length > CROWD ? 3 : 5,
            fill: hue(p.group.experiment),
            stroke: FAINT,
            strokeWidth: 0.5,
            symbol: marker(p.group.experiment + p.group.variant),
          }),
        ),
        ...spreadLabels(labelled).map(({ point, dy }) =>
          text([point], {
            x: 'cost',
            y: 'accuracy',
            text: () => shortLabel(point.group, 28),
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
        ? ' Vertical lines: 95 % interval (of the mean over seeds; of the test images where there is one seed).'
        : '';
    return {
      panels: [{ title: null, alt, svg }],
      legend: labelled.length < points.length ? legendOf(labelled.map((p) => p.group)) : [],
      note: `${front.length > 1 ? 'Dotted: the Pareto front, nothing cheaper is as accurate.' : 'One experiment alone is on the Pareto front: nothing cheaper is as accurate.'}${singles.length > 0 ? ' Small dots: single runs.' : ''}${interval}${labelled.length < points.length ? ` Named: the best ${labelled.length} on the front of ${points.length} experiments.` : ''}`,
    };
  };
}

/** Offsets that keep the labels of points at equal cost apart (they differ by little in accuracy, as a sweep's do). */
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
