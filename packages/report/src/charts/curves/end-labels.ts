import { seriesKey } from '../series-key.ts';
import type { Markish } from '@observablehq/plot';
import { widestLine, wrapLabels } from '../../text/wrap-labels.ts';
import type { Plotter } from '../plotter.ts';
import type { DrawnView } from './curve-view.ts';
import type { Series } from './series.ts';

const FONT_SIZE = 11;
const LINE_HEIGHT = 13;
/** Pixels between the frame and a label. */
const GAP = 10;
/** Labels of one line each that fit beside a chart. */
const MAX_LABELS = 20;
/** Most labels of two lines each. */
const MAX_WRAPPED = 12;

interface EndLabel {
  readonly series: Series;
  readonly text: string;
  readonly lines: number;
}

/** The labels beside curves, and the pixels that they take to the right of the frame. */
export function endLabels(
  series: readonly Series[],
  view: DrawnView,
  width: number,
): { readonly labels: readonly EndLabel[]; readonly margin: number } {
  const labeled = series.filter((s) => s.split === view.splits.at(-1) && s.x.length > 0).slice(0, MAX_LABELS);
  const texts = wrapLabels(
    labeled.map((s) => s.group.label),
    Math.min(220, 0.28 * width),
    FONT_SIZE * 1.06,
    labeled.length > MAX_WRAPPED ? 1 : 2,
  );
  const labels = labeled.map((s, i) => ({ series: s, text: texts[i]!, lines: texts[i]!.split('\n').length }));
  return { labels, margin: Math.ceil(widestLine(texts, FONT_SIZE * 1.06)) + GAP + 4 };
}

/** Where the plot is in its picture, and how its axes place values. */
export interface LabelPlace {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: readonly [number, number];
  readonly pixelOf: (y: number) => number;
  readonly valueAt: (pixel: number) => number;
}

/** Moves labels apart, and back into the picture if the last was moved beyond it. */
function spread(places: readonly { readonly at: number; readonly lines: number }[], place: LabelPlace): number[] {
  let edge = place.top - 12;
  const middles = places.map(({ at, lines }) => {
    const half = (lines * LINE_HEIGHT) / 2;
    const middle = Math.max(at, edge + half);
    edge = middle + half;
    return middle;
  });
  let limit = place.bottom + 12;
  for (let i = middles.length - 1; i >= 0; i--) {
    const half = (places[i]!.lines * LINE_HEIGHT) / 2;
    middles[i] = Math.min(middles[i]!, limit - half);
    limit = middles[i]! - half;
  }
  return middles;
}

/**
 * Labels to the right of the frame, in the order of the curves' ends, none over another. A leader goes from a curve that
 * ends early, or whose label had to move, to its label.
 */
export function endLabelMarks(
  { link, text }: Plotter,
  labels: readonly EndLabel[],
  view: DrawnView,
  place: LabelPlace,
): Markish[] {
  const ends = labels
    .flatMap((label) => {
      const { x, y } = label.series;
      const end = x.findLastIndex((at, i) => Number.isFinite(y[i]!) && (!view.zoom || at <= view.zoom[1]));
      if (end < 0 || (view.log && !(y[end]! > 0)) || (view.zoom && x[end]! < view.zoom[0])) return [];
      return [
        { ...label, x: x[end]!, y: y[end]!, at: Math.min(place.bottom, Math.max(place.top, place.pixelOf(y[end]!))) },
      ];
    })
    .sort((a, b) => a.at - b.at);
  const middles = spread(ends, place);
  const perPixel = (place.x[1] - place.x[0]) / (place.right - place.left);
  return ends.flatMap(({ series, text: words, x, y, at }, i) => {
    const { color } = series.group.style;
    const ariaLabel = (): string => `series:${seriesKey(series.group)}`;
    const isLed = (place.x[1] - x) / perPixel > 6 || Math.abs(middles[i]! - at) > 4;
    const leader = link([0], {
      x1: () => x,
      y1: () => y,
      x2: () => place.x[1] + (GAP - 3) * perPixel,
      y2: () => place.valueAt(middles[i]!),
      stroke: color,
      strokeWidth: 0.8,
      strokeOpacity: 0.55,
      ariaLabel,
    });
    const label = text([words], {
      frameAnchor: 'right',
      y: () => place.valueAt(middles[i]!),
      dx: GAP,
      textAnchor: 'start',
      fill: color,
      fontWeight: 600,
      fontSize: FONT_SIZE,
      lineHeight: LINE_HEIGHT / FONT_SIZE,
      ariaLabel,
    });
    return isLed ? [leader, label] : [label];
  });
}
