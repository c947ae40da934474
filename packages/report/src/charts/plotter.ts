/// <reference lib="dom" />
import { areaY, barX, cell, dot, line, link, plot, ruleX, ruleY, text } from '@observablehq/plot';
import type { PlotOptions } from '@observablehq/plot';

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
  // The marks have no labels of their own: a screen reader reads the text alternative instead of hundreds of paths.
  for (const labeled of Array.from(svg.querySelectorAll('[aria-label]'))) labeled.removeAttribute('aria-label');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', alt);
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return svg;
}

/**
 * The part of Observable Plot that charts use. It is passed to them, so that knowing the charts' names loads no
 * charting library.
 */
export const plotter = { areaY, barX, cell, dot, line, link, ruleX, ruleY, text, draw } as const;

export type Plotter = typeof plotter;
