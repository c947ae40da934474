import type { EpochRow } from '@bakeoff/core';
import { decodeBase64 } from '../../data/base64.ts';
import type { ReportData, ReportRun } from '../../data/report-data.ts';
import type { Measurements } from '../../data/measurements.ts';
import type { Group } from '../chart.ts';
import { variedStyle } from '../palette.ts';
import type { CurveAxis, CurveMetric, CurveOptions, CurveSplit } from './curve-view.ts';

/** A drawn line, with x ascending; low and high bound its area if it has one. */
export interface Series {
  readonly group: Group;
  readonly split: CurveSplit;
  readonly runs: readonly number[];
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
  /** Number of runs that reach each x; if it is not all of them, some stopped before. */
  readonly reached: Uint16Array;
  /** Points are epochs and few enough for markers. */
  readonly byEpoch: boolean;
}

const decoded = new WeakMap<ReportRun, Record<string, Float32Array>>();

/** A packed curve's values, decoded once per run. */
function curveValues(run: ReportRun, metric: 'loss' | 'accuracy', part: 'mean' | 'low' | 'high'): Float32Array {
  const known = decoded.get(run) ?? {};
  decoded.set(run, known);
  return (known[`${metric} ${part}`] ??= decodeFloats(run.curve?.[metric][part] ?? ''));
}

export function decodeFloats(base64: string): Float32Array {
  return new Float32Array(decodeBase64(base64).buffer);
}

/** Maps a step to the axis; undefined if the run has no measure for that axis. */
function stepScale(
  run: ReportRun,
  axis: CurveAxis,
  epochEndSeconds: readonly number[] | undefined,
): ((step: number) => number) | undefined {
  if (axis === 'step') return (step) => step;
  if (axis === 'images') return (step) => (run.steps > 0 ? (step / run.steps) * run.imagesSeen : 0);
  const steps = [0, ...run.epochs.map((row) => row.step)];
  const values = axis === 'epoch' ? [0, ...run.epochs.map((row) => row.epoch)] : [0, ...(epochEndSeconds ?? [])];
  if (values.length < 2 || (axis === 'seconds' && values.length < steps.length)) return undefined;
  return (step) => interpolate(steps, values, step) ?? (values.at(-1)! / steps.at(-1)!) * step;
}

function interpolate(xs: ArrayLike<number>, ys: ArrayLike<number>, x: number): number | undefined {
  let low = 0;
  let high = xs.length - 1;
  if (high < 0 || x < xs[0]! || x > xs[high]!) return undefined;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle;
    else high = middle;
  }
  const [x0, x1, y0, y1] = [xs[low]!, xs[high]!, ys[low]!, ys[high]!];
  if (x === x1 || x0 === x1) return y1;
  return x === x0 ? y0 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

const finite = (value: number | null | undefined): number => (typeof value === 'number' ? value : Number.NaN);

function epochValue(row: EpochRow, metric: CurveMetric, split: CurveSplit): number {
  if (metric === 'learningRate') return finite(row.learningRate);
  if (metric === 'gap') return finite(row.trainAccuracy) - finite(row.validationAccuracy);
  if (metric === 'accuracy') return finite(split === 'train' ? row.trainAccuracy : row.validationAccuracy);
  return finite(split === 'train' ? row.trainLoss : row.validationLoss);
}

/** Debiased exponential moving average (Kingma and Ba 2015, section 3); gaps stay gaps. */
export function smooth(values: Float64Array, weight: number): Float64Array {
  if (weight === 0) return values;
  let average = 0;
  let total = 0;
  return values.map((value) => {
    if (Number.isNaN(value)) return value;
    average = weight * average + (1 - weight) * value;
    total = weight * total + (1 - weight);
    return average / total;
  });
}

interface Line {
  readonly run: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
}

function runLine(
  data: ReportData,
  measurements: Measurements | null,
  index: number,
  split: CurveSplit,
  options: CurveOptions,
): Line | null {
  const run = data.runs[index];
  if (!run || run.epochs.length === 0) return null;
  const scale = stepScale(run, options.axis, measurements?.runs[index]?.epochEndSeconds);
  if (!scale) return null;
  const { metric, smoothing } = options;
  if (split === 'train' && run.curve && (metric === 'loss' || metric === 'accuracy')) {
    const { buckets, steps } = run.curve;
    const x = Float64Array.from({ length: buckets }, (_, b) =>
      scale((Math.floor((b * steps) / buckets) + 1 + Math.floor(((b + 1) * steps) / buckets)) / 2),
    );
    const y = smooth(Float64Array.from(curveValues(run, metric, 'mean')), smoothing);
    const bound = (part: 'low' | 'high') => Float64Array.from(curveValues(run, metric, part));
    return { run: index, x, y, low: bound('low'), high: bound('high') };
  }
  const x = Float64Array.from(run.epochs, (row) => scale(row.step));
  return {
    run: index,
    x,
    y: Float64Array.from(run.epochs, (row) => epochValue(row, metric, split)),
    low: null,
    high: null,
  };
}

/**
 * Mean of an experiment's lines at the x values of the longest line. The area spans the lines, or their areas if they
 * have any.
 */
function meanLine(lines: readonly Line[], group: Group, split: CurveSplit, byEpoch: boolean): Series {
  const longest = lines.reduce((a, b) => ((b.x.at(-1) ?? 0) > (a.x.at(-1) ?? 0) ? b : a));
  const count = longest.x.length;
  const series = {
    group,
    split,
    runs: lines.map((line) => line.run),
    x: longest.x,
    y: new Float64Array(count),
    low: new Float64Array(count),
    high: new Float64Array(count),
    reached: new Uint16Array(count),
    byEpoch,
  };
  for (let i = 0; i < count; i++) {
    const x = longest.x[i]!;
    let sum = 0;
    let [low, high] = [Infinity, -Infinity];
    for (const line of lines) {
      const y = interpolate(line.x, line.y, x) ?? (i === 0 ? line.y[0] : undefined);
      if (y === undefined) continue;
      sum += y;
      series.reached[i]!++;
      low = Math.min(low, (line.low && interpolate(line.x, line.low, x)) ?? y);
      high = Math.max(high, (line.high && interpolate(line.x, line.high, x)) ?? y);
    }
    series.y[i] = series.reached[i]! > 0 ? sum / series.reached[i]! : Number.NaN;
    series.low[i] = low;
    series.high[i] = high;
  }
  return series;
}

function seedGroup(group: Group, run: number, variant: number, data: ReportData): Group {
  const seed = `, seed ${data.runs[run]?.seed}`;
  const style = variedStyle(group.style, variant);
  return { ...group, runs: [run], label: group.label + seed, name: group.name + seed, style };
}

/** The lines of a learning-curve chart. Runs without epochs, or without values for the requested axis, are left out. */
export function curveSeries(
  data: ReportData,
  measurements: Measurements | null,
  groups: readonly Group[],
  options: CurveOptions,
): Series[] {
  return options.splits.flatMap((split) =>
    groups.flatMap((group): Series[] => {
      const lines = group.runs.flatMap((run) => runLine(data, measurements, run, split, options) ?? []);
      if (lines.length === 0) return [];
      const byEpoch = lines.every((line) => line.low === null);
      if (options.seeds === 'mean' && lines.length > 1) return [meanLine(lines, group, split, byEpoch)];
      return lines.map((line, variant) => ({
        group: lines.length > 1 ? seedGroup(group, line.run, variant, data) : group,
        split,
        runs: [line.run],
        x: line.x,
        y: line.y,
        low: line.low,
        high: line.high,
        reached: new Uint16Array(line.x.length).fill(1),
        byEpoch,
      }));
    }),
  );
}

/** The value of a series at x: the nearest point's, or undefined beyond its ends. */
export function seriesAt(
  { x, y }: Pick<Series, 'x' | 'y'>,
  at: number,
): { readonly x: number; readonly y: number; readonly index: number } | undefined {
  if (x.length === 0) return undefined;
  let low = 0;
  let high = x.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle;
  }
  const index = Math.abs(x[low]! - at) <= Math.abs(x[high]! - at) ? low : high;
  const span = x.length > 1 ? (x.at(-1)! - x[0]!) / (x.length - 1) : Infinity;
  if (at < x[0]! - span || at > x.at(-1)! + span) return undefined;
  return { x: x[index]!, y: y[index]!, index };
}
