import { percentTick } from '@bakeoff/statistics/formats';
import { countAxisTick, FAINT, smallTick } from '../axes.ts';
import type { Chart, Drawing, Drawn } from '../chart.ts';
import { leading } from '../groups.ts';
import { legendOf } from '../labels.ts';
import { seriesMarks } from './curve-marks.ts';
import { altText, EMPHASIZED, noteText } from './curve-text.ts';
import { AXIS_NAMES, type CurveView, type DrawnView, isFraction, METRIC_NAMES, STEP_SMOOTHING } from './curve-view.ts';
import { endLabelMarks, endLabels, type LabelPlace } from './end-labels.ts';
import { type Series, curveSeries } from './series.ts';

const HEIGHT = 380;
const MARGIN_LEFT = 56;

/** Bounds of the y axis over what the zoom shows. */
function bounds(series: readonly Series[], view: DrawnView): [number, number] {
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
  if (low === high && view.log) return [low / 2, high * 2];
  if (view.metric === 'accuracy') {
    const room = Math.max(0.01, (high - low) * 0.04);
    return [Math.max(0, low - room), Math.min(1, high + room)];
  }
  if (low === high) return [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
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

/** `view` is the one that was drawn: with a logarithmic axis if the data calls for it. */
export type CurvesDrawn = Drawn & {
  readonly series?: readonly Series[];
  readonly frame?: CurveFrame;
  readonly view?: DrawnView;
};

/** One tick per epoch if few are shown; otherwise as many ticks as there is room for. */
function xTicks([low, high]: readonly [number, number], axis: CurveView['axis'], room: number): number | number[] {
  if (axis !== 'epoch' || high - low > room || high - low < 1) return room;
  return Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => Math.ceil(low) + i);
}

/** Whether no value is zero or less and they span more than a factor of twenty, as the loss of a long training does. */
function spansDecades(series: readonly Series[], { metric }: CurveView): boolean {
  if (isFraction(metric)) return false;
  let [low, high] = [Infinity, 0];
  for (const { y } of series)
    for (const value of y) if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low > 0 && high / low > 20;
}

/** Epochs are counted from one, so their axis begins at the first point; other axes begin at zero. */
function xBounds(series: readonly Series[], { zoom, axis }: CurveView): readonly [number, number] {
  if (zoom) return zoom;
  const high = Math.max(...series.map((s) => s.x.at(-1) ?? 0));
  const low = axis === 'epoch' ? Math.min(...series.map((s) => s.x[0] ?? high)) : 0;
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

function labelPlace(frame: CurveFrame, log: boolean): LabelPlace {
  const { top, bottom, y } = frame;
  const [to, from] = log ? [Math.log, Math.exp] : [(v: number) => v, (v: number) => v];
  const perPixel = (to(y[1]) - to(y[0])) / (bottom - top);
  return {
    ...frame,
    pixelOf: (value) => top + (to(y[1]) - to(value)) / perPixel,
    valueAt: (pixel) => from(to(y[1]) - (pixel - top) * perPixel),
  };
}

/** Learning curves: the static figures and, with other options, the figures that the page's controls redraw. */
export function drawCurves(drawing: Drawing, asked: CurveView): CurvesDrawn {
  const series = curveSeries(drawing.data, drawing.measurements, drawing.groups, asked);
  if (series.length === 0)
    return {
      empty:
        asked.axis === 'seconds' ? 'These runs have no measured times.' : 'None of these runs has finished an epoch.',
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
  const view: DrawnView = { ...asked, log: asked.log ?? spansDecades(series, asked) };
  const domain = bounds(series, view);
  const xDomain = xBounds(series, view);
  const narrow = drawing.width < 560;
  const ends = endLabels(narrow ? [] : bright, view, drawing.width);
  const frame: CurveFrame = {
    left: MARGIN_LEFT,
    right: drawing.width - (narrow ? 28 : ends.margin),
    top: 24,
    bottom: HEIGHT - 42,
    x: xDomain,
    y: domain,
  };
  const alt = altText(bright, view);
  const svg = drawing.plot.draw(drawing.document, alt, {
    width: drawing.width,
    height: HEIGHT,
    marginTop: frame.top,
    marginBottom: HEIGHT - frame.bottom,
    marginLeft: frame.left,
    marginRight: drawing.width - frame.right,
    x: {
      label: AXIS_NAMES[view.axis],
      domain: [...xDomain],
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: countAxisTick,
      ticks: xTicks(xDomain, view.axis, Math.max(3, Math.floor((frame.right - frame.left) / 72))),
    },
    y: {
      label: METRIC_NAMES[view.metric],
      type: view.log ? 'log' : 'linear',
      domain,
      grid: true,
      labelArrow: 'none',
      tickFormat: isFraction(view.metric) ? percentTick : smallTick,
      ...(view.log ? { ticks: 5 } : {}),
    },
    marks: [
      drawing.plot.ruleX(xDomain[0] === 0 ? [0] : [], { stroke: FAINT }),
      ...faint.flatMap((s) => seriesMarks(drawing.plot, s, view, true, faint.length)),
      ...bright.flatMap((s) => seriesMarks(drawing.plot, s, view, false, bright.length)),
      ...endLabelMarks(drawing.plot, ends.labels, view, labelPlace(frame, view.log)),
    ],
  });
  return {
    panels: [{ title: null, alt, svg }],
    ...legendOf(emphasized),
    note: noteText(series, drawing.groups.length, view),
    series: [...bright, ...faint],
    frame,
    view,
  };
}

/** The learning curves of one metric, by epoch; of the training split, by step. */
export function curveChart(title: string, metric: CurveView['metric'], splits: CurveView['splits']): Chart {
  const byStep = metric === 'learningRate' || splits[0] === 'train';
  const view: CurveView = {
    metric,
    splits,
    axis: byStep ? 'step' : 'epoch',
    smoothing: byStep && metric !== 'learningRate' ? STEP_SMOOTHING : 0,
    log: null,
    seeds: 'mean',
    zoom: null,
  };
  return { title, needs: 'records', curves: view, draw: (drawing) => drawCurves(drawing, view) };
}
