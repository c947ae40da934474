import { areaY, dot, line, ruleX, text } from '@observablehq/plot';
import type { Markish } from '@observablehq/plot';
import { countTick, grouped, percent, percentTick, plainNumber, significant } from '@bakeoff/statistics/formats';
import { plural } from '../text/plural.ts';
import { dash, hue, marker } from './palette.ts';
import { FAINT, MUTED, drawPlot } from './plot.ts';
import { type CurveOptions, type Series, curveSeries } from './series.ts';
import { type Drawing, type Drawn, leading, legendOf, shortLabel } from './view.ts';

/** Lines in colour with a label at their end; more are drawn faint, for context. */
const EMPHASIZED = 10;
const HEIGHT = 380;
const MARGIN_LEFT = 56;

export interface CurveView extends CurveOptions {
  /** Part of the x axis to show; null: all. */
  readonly zoom: readonly [number, number] | null;
}

const METRIC_NAMES = {
  accuracy: 'accuracy',
  loss: 'loss (nats)',
  learningRate: 'learning rate',
  gap: 'training minus validation accuracy',
} as const;
const AXIS_NAMES = {
  epoch: 'epoch',
  step: 'step',
  images: 'images seen',
  seconds: 'wall-clock time of training (s)',
} as const;

const isFraction = (metric: CurveOptions['metric']): boolean => metric === 'accuracy' || metric === 'gap';
export const metricText = (metric: CurveOptions['metric'], value: number): string =>
  isFraction(metric) ? percent(value) : significant(value);

const indices = (length: number): Uint32Array => Uint32Array.from({ length }, (_, i) => i);

/** Where every run of the series still trains, and from where on only some do (one point shared). */
function spans({ reached, runs }: Series): { full: Uint32Array; partial: Uint32Array } {
  const all = indices(reached.length);
  const full = all.filter((i) => reached[i] === runs.length);
  const last = full.at(-1) ?? -1;
  return { full, partial: all.filter((i) => i >= last && last < reached.length - 1) };
}

/** Context needs no detail: at most some sixty points of a faint line. */
function thinned({ full, partial }: { full: Uint32Array; partial: Uint32Array }): {
  full: Uint32Array;
  partial: Uint32Array;
} {
  const every = Math.ceil(full.length / 60);
  return { full: full.filter((_, i) => i % every === 0 || i === full.length - 1), partial };
}

/** Bounds of the y axis over what the zoom shows. */
function bounds(series: readonly Series[], view: CurveView): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { x, y, low: below, high: above, byEpoch } of series) {
    x.forEach((at, i) => {
      if (view.zoom && (at < view.zoom[0] || at > view.zoom[1])) return;
      // Extremes of a smoothed curve's steps are not drawn, so they must not stretch the axis.
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

function seriesMarks(series: Series, view: CurveView, faint: boolean, count: number): Markish[] {
  const { x, y, low, high, group, split, byEpoch } = series;
  const style = group.experiment + group.variant;
  const stroke = faint ? MUTED : hue(group.experiment);
  // Plot numbers its clip paths through a process: the article, which never zooms, has none, so that equal records give equal pages.
  const clip = view.zoom !== null;
  const both = view.splits.length > 1 && split === 'train';
  const base = {
    x: (i: number) => x[i],
    y: (i: number) => y[i],
    stroke,
    strokeWidth: both || faint ? 1 : 1.8,
    strokeOpacity: faint ? Math.max(0.07, Math.min(0.28, 14 / count)) : both ? 0.75 : 1,
    clip,
    strokeLinejoin: 'round',
  } as const;
  const { full, partial } = faint ? thinned(spans(series)) : spans(series);
  const marks: Markish[] = [];
  const shade = !faint && low && high && (byEpoch || view.smoothing === 0);
  if (shade)
    marks.push(
      areaY(
        indices(x.length).filter((i) => !view.log || low[i]! > 0),
        {
          x: (i: number) => x[i],
          y1: (i: number) => low[i],
          y2: (i: number) => high[i],
          fill: stroke,
          fillOpacity: byEpoch ? 0.16 : Math.min(0.1, 0.36 / count),
          clip,
        },
      ),
    );
  marks.push(line(full, { ...base, ...(faint || dash(style) === 'none' ? {} : { strokeDasharray: dash(style) }) }));
  if (partial.length > 1) marks.push(line(partial, { ...base, strokeWidth: 1.2, strokeDasharray: '1 4' }));
  if (!faint && byEpoch && x.length <= 40)
    marks.push(
      dot(indices(x.length), {
        x: (i: number) => x[i],
        y: (i: number) => y[i],
        fill: stroke,
        symbol: marker(style),
        r: 2.4,
        clip,
      }),
    );
  return marks;
}

/** Labels at the lines' ends, pushed apart so that none covers another. */
function endLabels(series: readonly Series[], pixel: (y: number) => number, view: CurveView): Markish[] {
  const shown = series.filter((s) => s.split === view.splits.at(-1) && s.x.length > 0 && s.runs.length >= 1);
  const labels = shown
    .slice(0, 2 * EMPHASIZED)
    .flatMap((s) => {
      const end = s.x.findLastIndex((at, i) => Number.isFinite(s.y[i]!) && (!view.zoom || at <= view.zoom[1]));
      return end < 0 || (view.log && !(s.y[end]! > 0)) ? [] : [{ s, x: s.x[end]!, y: s.y[end]!, at: pixel(s.y[end]!) }];
    })
    .sort((a, b) => a.at - b.at);
  let previous = -Infinity;
  const placed = labels.map((label) => (previous = Math.max(label.at, previous + 13)));
  // What ran out at the bottom is pushed up again.
  let limit = HEIGHT - 30;
  for (let i = placed.length - 1; i >= 0; i--) limit = (placed[i] = Math.min(placed[i]!, limit)) - 13;
  return labels.map(({ s, y, at }, i) =>
    text([shortLabel(s.group, 21)], {
      frameAnchor: 'right',
      y: () => y,
      dx: 8,
      dy: placed[i]! - at,
      textAnchor: 'start',
      fill: hue(s.group.experiment),
      fontWeight: 600,
      fontSize: 11,
    }),
  );
}

function altText(series: readonly Series[], view: CurveView): string {
  const what = `${view.splits.map((split) => (split === 'train' ? 'Training' : 'Validation')).join(' and ')} ${METRIC_NAMES[view.metric]} against ${AXIS_NAMES[view.axis]}`;
  const ends = series.slice(0, 8).map((s) => {
    const finite = s.y.filter(Number.isFinite);
    const best = view.metric === 'loss' || view.metric === 'gap' ? Math.min(...finite) : Math.max(...finite);
    return `${shortLabel(s.group)}: best ${metricText(view.metric, best)}, last ${metricText(view.metric, finite.at(-1) ?? Number.NaN)}`;
  });
  return `Line chart. ${what}, ${plural(series.length, 'line')}. ${ends.join('; ')}${series.length > 8 ? '; and more' : ''}.`;
}

function noteText(series: readonly Series[], groups: number, view: CurveView): string {
  const notes: string[] = [];
  if (view.splits.length > 1) notes.push('Thick: validation; thin: training.');
  if (series.some((s) => s.runs.length > 1))
    notes.push(
      `Lines are means over seeds${series.some((s) => s.byEpoch) ? ', shaded from the lowest to the highest seed' : ''}; dotted where some seeds have stopped.`,
    );
  if (series.some((s) => !s.byEpoch))
    notes.push(
      view.smoothing > 0
        ? `Training curve by step, smoothed (weight ${view.smoothing}).`
        : 'Training curve by step: line through the means of short ranges of steps, shaded between the lowest and the highest single step.',
    );
  if (groups > EMPHASIZED)
    notes.push(
      `In colour: the ${EMPHASIZED} of ${groups} experiments with the highest validation accuracy; grey: the others.`,
    );
  return notes.join(' ');
}

/** Where the plot lies in its picture, in pixels, and what its axes span: enough to read the curves under a pointer. */
export interface CurveFrame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export type CurvesDrawn = Drawn & { readonly series?: readonly Series[]; readonly frame?: CurveFrame };

/** Whole epochs where a few are shown; else as many ticks as have room. */
function xTicks([low, high]: readonly [number, number], axis: CurveView['axis'], room: number): number | number[] {
  if (axis !== 'epoch' || high - low > room || high - low < 1) return room;
  return Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => Math.ceil(low) + i);
}

/** Learning curves: the static figures and, with other options, what the page's controls redraw. */
export function drawCurves(drawing: Drawing, view: CurveView): CurvesDrawn {
  const series = curveSeries(drawing.data, drawing.measurements, drawing.groups, view);
  if (series.length === 0)
    return {
      empty:
        view.axis === 'seconds' ? 'No measured times for these runs.' : 'None of these runs has finished an epoch.',
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
  const svg = drawPlot(drawing.document, alt, {
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
      ruleX(view.zoom ? [] : [0], { stroke: FAINT }),
      ...faint.flatMap((s) => seriesMarks(s, view, true, faint.length)),
      ...bright.flatMap((s) => seriesMarks(s, view, false, bright.length)),
      ...(narrow ? [] : endLabels(bright, pixel, view)),
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
    legend: legendOf(emphasized),
    note: noteText(series, drawing.groups.length, view),
    series: [...bright, ...faint],
    frame,
  };
}
