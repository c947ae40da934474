/// <reference lib="dom" />
import { areaY, barX, cell, dot, line, link, plot, ruleX, ruleY, text } from '@observablehq/plot';
import type { PlotOptions } from '@observablehq/plot';

/**
 * Draws with Observable Plot into the given document, in the page's own type and colours (CSS custom properties, so that a theme needs no redrawing).
 * Plot's style element is dropped: the page's sheet holds those rules once. The text alternative becomes the picture's accessible name.
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
  // The marks carry no names of their own: a reader hears the alternative instead of hundreds of unnamed paths.
  for (const labelled of Array.from(svg.querySelectorAll('[aria-label]'))) labelled.removeAttribute('aria-label');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', alt);
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return svg;
}

/** What charts use of Observable Plot. It is handed to them, so that knowing the charts' names loads no charting library. */
export const plotter = { areaY, barX, cell, dot, line, link, ruleX, ruleY, text, draw } as const;

export type Plotter = typeof plotter;
