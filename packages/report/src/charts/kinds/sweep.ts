import { percent, percentTick, plainNumber } from '@bakeoff/statistics/formats';
import { clip } from '../../text/clip.ts';
import { seriesStyle } from '../palette.ts';
import { INK, callsForLog } from '../axes.ts';
import type { Chart, Drawing, Drawn, Group, Panel } from '../chart.ts';
import { groupAccuracy } from '../groups.ts';

type Value = string | number | boolean | null;

interface Point {
  readonly value: Value;
  readonly line: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly validation: number;
}

const name = (value: Value | undefined): string =>
  typeof value === 'number' ? plainNumber(value) : clip(String(value), 24);

function pointsOf({ data }: Drawing, groups: readonly Group[], path: string): Point[] {
  return groups.flatMap((group): Point[] => {
    const experiment = data.experiments[group.experiment];
    const accuracy = groupAccuracy(data, group);
    if (!experiment || !accuracy || !(path in experiment.sweepValues)) return [];
    const rest = Object.entries(experiment.sweepValues)
      .filter(([other]) => other !== path)
      .map(([other, value]) => `${clip(other.split('.').at(-1) ?? other, 24)} ${name(value)}`);
    return [
      {
        value: experiment.sweepValues[path] ?? null,
        line: rest.join(', '),
        mean: accuracy.mean,
        low: accuracy.interval?.low ?? accuracy.mean,
        high: accuracy.interval?.high ?? accuracy.mean,
        validation: experiment.validation?.mean ?? Number.NaN,
      },
    ];
  });
}

/** Values in order: numbers by size, others in the order of the plan. */
function ordered(points: readonly Point[]): Value[] {
  const values = [...new Set(points.map((p) => p.value))];
  return values.every((v) => typeof v === 'number') ? values.sort((a, b) => a - b) : values;
}

/** Every nth value, so that evenly spread labels do not overlap in `width` pixels. */
function spaced(values: readonly Value[], width: number): Value[] {
  const label = 14 + 6.6 * Math.max(...values.map((value) => name(value).length));
  const every = Math.ceil((values.length * label) / Math.max(1, width));
  return values.filter((_, i) => i % every === 0);
}

/** Most lines that a panel can show; with more, the other settings of a grid are averaged out. */
const MAX_LINES = 6;

function sweepPanel(drawing: Drawing, group: string, path: string, found: readonly Point[], width: number): Panel {
  const crowded = new Set(found.map((p) => p.line)).size > MAX_LINES;
  const values = ordered(found);
  const points = crowded
    ? values.map((value) =>
        average(
          found.filter((p) => p.value === value),
          value,
        ),
      )
    : found;
  const lines = [...new Set(points.map((p) => p.line))];
  const numeric = values.every((v) => typeof v === 'number');
  const log = numeric && callsForLog(values);
  // A zero among small values does not fit a logarithmic axis; the values are then spaced evenly, in order.
  const ordinal =
    !numeric || (!log && values.length > 2 && Math.max(...values) > 8 * Math.min(...values.filter((v) => v > 0)));
  const x = (p: Point): string | number => (ordinal ? name(p.value) : (p.value as number));
  const style = (l: string): number => lines.indexOf(l);
  const best = points.reduce((a, b) => (b.mean > a.mean ? b : a));
  const spelled =
    values.length <= 12
      ? points.map((p) => `${name(p.value)}${p.line ? ` (${p.line})` : ''}: ${percent(p.mean)}`).join('; ')
      : `${values.length} values`;
  const alt = `Sweep of ${clip(path, 60)} in ${clip(group, 60)}: test accuracy by value. ${spelled}. Highest at ${name(best.value)}.`;
  const single = lines.length === 1;
  const labeled = spaced(values, width - 100);
  const { dot, line, link, text } = drawing.plot;
  const svg = drawing.plot.draw(drawing.document, alt, {
    width,
    height: 320,
    marginLeft: 56,
    marginRight: single ? 20 : 120,
    marginBottom: 42,
    marginTop: 20,
    x: ordinal
      ? {
          type: 'point',
          domain: values.map(name),
          ticks: labeled.map(name),
          label: clip(path, 60),
          labelAnchor: 'center',
          labelArrow: 'none',
        }
      : {
          type: log ? 'log' : 'linear',
          label: `${clip(path, 60)}${log ? ' (log)' : ''}`,
          labelAnchor: 'center',
          labelArrow: 'none',
          inset: 14,
          ...(log || values.length <= 12 ? { ticks: labeled as number[] } : {}),
          tickFormat: (v: number) => name(v),
        },
    y: { label: 'test accuracy', grid: true, labelArrow: 'none', tickFormat: percentTick, nice: true },
    marks: lines.flatMap((l) => {
      const own = points.filter((p) => p.line === l).sort((a, b) => values.indexOf(a.value) - values.indexOf(b.value));
      const { color, dash, marker } = seriesStyle(style(l));
      return [
        line(own, {
          x,
          y: 'mean',
          stroke: color,
          strokeWidth: 1.8,
          ...(dash === 'none' ? {} : { strokeDasharray: dash }),
        }),
        ...(single || lines.length <= 3
          ? [link(own, { x1: x, x2: x, y1: 'low', y2: 'high', stroke: color, strokeWidth: 1.3 })]
          : []),
        dot(own, { x, y: 'mean', r: 4.5, fill: color, symbol: marker }),
        ...(single
          ? [
              text(
                own.filter((p) => p === best),
                {
                  x,
                  y: 'high',
                  text: (p: Point) => percent(p.mean),
                  dy: -9,
                  dx: best.value === values[0] ? 6 : best.value === values.at(-1) ? -6 : 0,
                  textAnchor: best.value === values[0] ? 'start' : best.value === values.at(-1) ? 'end' : 'middle',
                  fill: INK,
                  fontWeight: 600,
                },
              ),
              dot(own, { x, y: 'validation', r: 3, stroke: color, strokeOpacity: 0.8, fill: 'var(--paper)' }),
            ]
          : [
              text(own.slice(-1), {
                x,
                y: 'mean',
                text: () => l,
                dx: 10,
                textAnchor: 'start',
                fill: color,
                fontSize: 11.5,
              }),
            ]),
      ];
    }),
  });
  return { title: crowded ? `${clip(path, 60)}, averaged over the other swept settings` : null, alt, svg };
}

function average(points: readonly Point[], value: Value): Point {
  const mean = (pick: (p: Point) => number): number => points.reduce((sum, p) => sum + pick(p), 0) / points.length;
  const means = points.map((p) => p.mean);
  return {
    value,
    line: '',
    mean: mean((p) => p.mean),
    low: Math.min(...means),
    high: Math.max(...means),
    validation: mean((p) => p.validation),
  };
}

/** Test accuracy over each swept setting of each group of experiments. */
function drawSweep(drawing: Drawing): Drawn {
  const { data, groups } = drawing;
  const names = [...new Set(groups.map((g) => data.experiments[g.experiment]?.group ?? ''))];
  const found = names.flatMap((group) => {
    const members = groups.filter((g) => data.experiments[g.experiment]?.group === group);
    const paths = [...new Set(members.flatMap((g) => Object.keys(data.experiments[g.experiment]?.sweepValues ?? {})))];
    return paths
      .map((path) => ({ group, path, points: pointsOf(drawing, members, path) }))
      .filter(({ points }) => new Set(points.map((p) => p.value)).size > 1);
  });
  if (found.length === 0) return { empty: 'No swept setting of these experiments has results.' };
  const width = found.length > 1 && drawing.width > 700 ? Math.floor((drawing.width - 24) / 2) : drawing.width;
  const panels = found.map(({ group, path, points }) => sweepPanel(drawing, group, path, points, width));
  const averaged = panels.some((panel) => panel.title !== null);
  return {
    panels,
    legend: [],
    note:
      `Filled: test accuracy with ${averaged ? 'its range over the other swept settings' : 'its 95 % interval (of the mean over seeds; with one seed, for the test images)'}; ` +
      'hollow: validation accuracy.',
  };
}

export const sweep: Chart = { title: 'Sweep', needs: 'records', draw: drawSweep };
