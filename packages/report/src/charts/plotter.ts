/// <reference lib="dom" />
import { areaY, barX, cell, dot, line, link, plot, ruleX, ruleY, text } from '@observablehq/plot';
import type { Data, PlotOptions } from '@observablehq/plot';
import { seriesKey, type SeriesOf } from './series-key.ts';

/**
 * Draws with Observable Plot into the given document, in the page's type and colors (CSS custom properties, so that a
 * change of theme needs no redrawing). Plot's style element is dropped, because the page's style sheet has those rules
 * once. The text alternative becomes the picture's accessible name.
 */
function draw(document: Document, alt: string, options: PlotOptions): Element {
  const svg = plot({
    ...options,
    document,
    className: 'plot',
    style: {
      background: 'transparent',
      color: 'currentColor',
      fontFamily: 'inherit',
      fontSize: '12px',
      overflow: 'visible',
    },
  }) as unknown as Element;
  for (const style of Array.from(svg.querySelectorAll('style'))) style.remove();
  // The marks have no labels of their own: a screen reader reads the text alternative instead of hundreds of paths. What
  // a mark stands for is kept for the script.
  for (const labeled of Array.from(svg.querySelectorAll('[aria-label]'))) {
    const [, name, value] = /^(series|cell):(.*)$/.exec(labeled.getAttribute('aria-label') ?? '') ?? [];
    if (name !== undefined && value !== undefined) labeled.setAttribute(`data-${name}`, value);
    labeled.removeAttribute('aria-label');
  }
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', alt);
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return svg;
}

/** Marks of data that name their group say which series they stand for, so that readers can act on them. */
function ofGroups<Mark>(mark: (data?: Data, options?: never) => Mark): typeof mark {
  return (data, options) => {
    const hasGroups = Array.isArray(data) && data.some((d: unknown) => groupOf(d) !== undefined);
    return mark(data, hasGroups ? ({ ariaLabel: seriesLabel, ...(options as object | undefined) } as never) : options);
  };
}

function groupOf(datum: unknown): SeriesOf | undefined {
  if (typeof datum !== 'object' || datum === null) return undefined;
  const { group } = datum as { readonly group?: unknown };
  return typeof group === 'object' && group !== null ? (group as SeriesOf) : undefined;
}

function seriesLabel(datum: unknown): string | null {
  const group = groupOf(datum);
  return group === undefined ? null : `series:${seriesKey(group)}`;
}

/**
 * The part of Observable Plot that charts use. It is passed to them, so that knowing the charts' names loads no
 * charting library.
 */
export const plotter = {
  areaY,
  barX: ofGroups(barX) as typeof barX,
  cell,
  dot: ofGroups(dot) as typeof dot,
  line,
  link: ofGroups(link) as typeof link,
  ruleX: ofGroups(ruleX) as typeof ruleX,
  ruleY,
  text: ofGroups(text) as typeof text,
  draw,
} as const;

export type Plotter = typeof plotter;
