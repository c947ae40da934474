import type { Markish } from '@observablehq/plot';
import { seriesKey } from '../series-key.ts';
import type { Plotter } from '../plotter.ts';
import { MUTED } from '../axes.ts';
import type { DrawnView } from './curve-view.ts';
import type { Series } from './series.ts';

const indices = (length: number): Uint32Array => Uint32Array.from({ length }, (_, i) => i);

/** The part where every run of the series still trains, and the part where only some do. They share one point. */
function spans({ reached, runs }: Series): { full: Uint32Array; partial: Uint32Array } {
  const all = indices(reached.length);
  const full = all.filter((i) => reached[i] === runs.length);
  const last = full.at(-1) ?? -1;
  return { full, partial: all.filter((i) => i >= last && last < reached.length - 1) };
}

/** Faint lines are only context and need no detail: about sixty points at most. */
function thinned({ full, partial }: { full: Uint32Array; partial: Uint32Array }): {
  full: Uint32Array;
  partial: Uint32Array;
} {
  const every = Math.ceil(full.length / 60);
  return { full: full.filter((_, i) => i % every === 0 || i === full.length - 1), partial };
}

/** A series as a line, with its area and markers; `count`: the number of series drawn like it. */
export function seriesMarks(
  { areaY, dot, line }: Plotter,
  series: Series,
  view: DrawnView,
  faint: boolean,
  count: number,
): Markish[] {
  const { x, y, low, high, group, split, byEpoch } = series;
  const { dash, marker } = group.style;
  const stroke = faint ? MUTED : group.style.color;
  // Plot numbers its clip paths across a process. The article never zooms and has no clip paths, so that equal records
  // give equal pages.
  const clip = view.zoom !== null;
  const both = view.splits.length > 1 && split === 'train';
  const ariaLabel = (): string => `series:${seriesKey(group)}`;
  const base = {
    x: (i: number) => x[i],
    y: (i: number) => y[i],
    stroke,
    strokeWidth: both || faint ? 1 : 1.8,
    strokeOpacity: faint ? Math.max(0.07, Math.min(0.28, 14 / count)) : both ? 0.75 : 1,
    clip,
    strokeLinejoin: 'round',
    ariaLabel,
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
          ariaLabel,
        },
      ),
    );
  marks.push(line(full, { ...base, ...(faint || dash === 'none' ? {} : { strokeDasharray: dash }) }));
  if (partial.length > 1) marks.push(line(partial, { ...base, strokeWidth: 1.2, strokeDasharray: '1 4' }));
  if (!faint && byEpoch && x.length <= 40)
    marks.push(
      dot(indices(x.length), {
        x: (i: number) => x[i],
        y: (i: number) => y[i],
        fill: stroke,
        symbol: marker,
        r: 2.4,
        clip,
        ariaLabel,
      }),
    );
  return marks;
}
