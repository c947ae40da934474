import { countTick, grouped, percentTick, plainNumber } from '@bakeoff/statistics/formats';
import { FAINT } from '../axes.ts';
import type { Chart, Drawing, Drawn } from '../chart.ts';
import { leading } from '../groups.ts';
import { legendOf } from '../labels.ts';
import { endLabels, seriesMarks } from './curve-marks.ts';
import { altText, EMPHASIZED, noteText } from './curve-text.ts';
import { AXIS_NAMES, type CurveView, isFraction, METRIC_NAMES } from './curve-view.ts';
import { type Series, curveSeries } from './series.ts';

const HEIGHT = 380;
const MARGIN_LEFT = 56;

/** Bounds of the y axis over what the zoom shows. */
function bounds(series: readonly Series[], view: CurveView): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { x, y, low: below, high: above, byEpoch } of series) {
    x.forEach((at, i) => {
      if (view.zoom && (at < view.zoom[0] || at > view.zoom[1])) return;
      // The extremes of a smoothed curve's steps are not drawn, so they must not stretch the axis.
      const drawn = byEpoch || view.smoothing === 0;
      const [l, h] = drawn ? [below?.[i] ?? y[i]!, above?.[i] ?? y[i]!] : [y[i]!, y[i]!];
      if (view.log ? l > 0 : Number.isFinite(l)) low = Math.min(low, l);
      else if (view.log && y[i]! > 0) low = Math.min(low, y[i]!);
      if (Number.isFinite(h)) high = Math.max(high, h);
    });
  }
  if (!(low <= high)) return view.log ? [0.1, 1] : [0, 1];
  if (low === high)
    return view.log ? [low / 2, high * 2] : [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  const room = view.log ? 1 : (high - low) * 0.04;
  return view.log ? [low, high] : [low >= 0 && low - room < 0 ? 0 : low - room, high + room];
}

/** Where the plot is in its picture, in pixels, and what its axes span: enough to read the curves under a pointer. */
export interface CurveFrame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export type CurvesDrawn = Drawn & { readonly series?: readonly Series[]; readonly frame?: CurveFrame };

/** One tick per epoch if few are shown; otherwise as many ticks as there is room for. */
function xTicks([low, high]: readonly [number, number], axis: CurveView['axis'], room: number): number | number[] {
  if (axis !== 'epoch' || high - low > room || high - low < 1) return room;
  return Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => Math.ceil(low) + i);
}

/** Learning curves: the static figures and, with other options, the figures that the page's controls redraw. */
export function drawCurves(drawing: Drawing, view: CurveView): CurvesDrawn {
  const series = curveSeries(drawing.data, drawing.measurements, drawing.groups, view);
  if (series.length === 0)
    return {
      empty:
        view.axis === 'seconds' ? 'These runs have no measured times.' : 'None of these runs has finished an epoch.',
    };
  const drawn = new Set(series.flatMap((s) => s.runs));
  const emphasized = leading(
    drawing.data,
    drawing.groups.filter((group) => group.runs.some((run) => drawn.has(run))),
    EMPHASIZED,
  );
  const runs = new Set(emphasized.flatMap((group) => group.runs));
  const bright = series.filter((s) => s.runs.some((run) => runs.has(run)));
  const faint = series.filter((s) => !bright.includes(s));
  const domain = bounds(series, view);
  const [top, bottom] = [20, 42];
  const place = view.log ? Math.log : (value: number) => value;
  const pixel = (value: number): number =>
    top + ((place(domain[1]) - place(value)) / (place(domain[1]) - place(domain[0]))) * (HEIGHT - top - bottom);
  const narrow = drawing.width < 560;
  const right = narrow ? 12 : 172;
  const xDomain: readonly [number, number] = view.zoom ?? [0, Math.max(...series.map((s) => s.x.at(-1) ?? 0))];
  const alt = altText(bright, view);
  const svg = drawing.plot.draw(drawing.document, alt, {
    width: drawing.width,
    height: HEIGHT,
    marginTop: top,
    marginBottom: bottom,
    marginLeft: MARGIN_LEFT,
    marginRight: right,
    x: {
      label: AXIS_NAMES[view.axis],
      domain: [...xDomain],
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: (value: number) => (value >= 100_000 ? countTick(value) : grouped(value)),
      ticks: xTicks(xDomain, view.axis, Math.max(3, Math.floor((drawing.width - MARGIN_LEFT - right) / 72))),
    },
    y: {
      label: METRIC_NAMES[view.metric],
      type: view.log ? 'log' : 'linear',
      domain,
      grid: true,
      labelArrow: 'none',
      ...(isFraction(view.metric)
        ? { tickFormat: percentTick }
        : view.log
          ? { ticks: 5, tickFormat: plainNumber }
          : {}),
    },
    marks: [
      drawing.plot.ruleX(view.zoom ? [] : [0], { stroke: FAINT }),
      ...faint.flatMap((s) => seriesMarks(drawing.plot, s, view, true, faint.length)),
      ...bright.flatMap((s) => seriesMarks(drawing.plot, s, view, false, bright.length)),
      ...(narrow ? [] : endLabels(drawing.plot, bright, pixel, HEIGHT, view)),
    ],
  });
  const frame = {
    left: MARGIN_LEFT,
    right: drawing.width - right,
    top,
    bottom: HEIGHT - bottom,
    x: xDomain,
    y: domain,
  };
  return {
    panels: [{ title: null, alt, svg }],
    ...legendOf(emphasized),
    note: noteText(series, drawing.groups.length, view),
    series: [...bright, ...faint],
    frame,
  };
}

/** The learning curves of one metric, by epoch; of the training split, by step. */
export function curveChart(title: string, metric: CurveView['metric'], splits: CurveView['splits']): Chart {
  const view: CurveView = {
    metric,
    splits,
    axis: metric === 'learningRate' || splits[0] === 'train' ? 'step' : 'epoch',
    smoothing: 0,
    log: false,
    seeds: 'mean',
    zoom: null,
  };
  return { title, needs: 'records', curves: view, draw: (drawing) => drawCurves(drawing, view) };
}
