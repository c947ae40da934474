import type { Marker, SeriesStyle } from '../charts/palette.ts';
import type { LegendEntry } from '../charts/chart.ts';
import { Html, html, written } from './html.ts';

const SHAPES: Record<Marker, string> = {
  circle: '<circle cx="14" cy="7" r="3.2"/>',
  square: '<rect x="11" y="4" width="6" height="6"/>',
  triangle: '<path d="M14 3.2 18 10.2H10Z"/>',
  diamond: '<path d="M14 2.4 17.4 7 14 11.6 10.6 7Z"/>',
  star: '<path d="M14 2l1.4 3.3 3.6.3-2.7 2.3.8 3.5L14 9.5l-3.1 1.9.8-3.5L9 5.6l3.6-.3Z"/>',
  cross: '<path d="M12.7 3h2.6v2.7H18v2.6h-2.7V11h-2.6V8.3H10V5.7h2.7Z"/>',
  wye: '<path d="M12.8 11.5V8L9.8 6.2l1.2-2L14 6l3-1.8 1.2 2-3 1.8v3.5Z"/>',
};

/** A line with a marker, as charts draw them. */
export function swatch({ color, dash, marker }: SeriesStyle): Html {
  return new Html(
    `<svg class="swatch" width="28" height="14" aria-hidden="true" style="color:${color}"><path d="M0 7h28" stroke-width="2"${dash === 'none' ? '' : ` stroke-dasharray="${dash}"`}/>${SHAPES[marker]}</svg>`,
  );
}

export function legendMarkup(entries: readonly LegendEntry[], title: string | null = null): Html | null {
  if (entries.length === 0 && title === null) return null;
  const heading = title === null ? null : html`<p class="legend-title">${written(title)}</p>`;
  const list = entries.map(
    ({ label, style, series }) =>
      html`<li${series === undefined ? null : html` data-series="${series}"`}>${swatch(style)}${written(label)}</li>`,
  );
  return html`${heading}${list.length === 0 ? null : html`<ul class="legend">${list}</ul>`}`;
}
