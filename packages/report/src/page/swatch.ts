import { dash, hue, marker } from '../charts/palette.ts';
import type { LegendEntry } from '../charts/chart.ts';
import { clip } from '../text/clip.ts';
import { Html, html, written } from './html.ts';

const SHAPES: Record<ReturnType<typeof marker>, string> = {
  circle: '<circle cx="14" cy="7" r="3.2"/>',
  square: '<rect x="11" y="4" width="6" height="6"/>',
  triangle: '<path d="M14 3.2 18 10.2H10Z"/>',
  diamond: '<path d="M14 2.4 17.4 7 14 11.6 10.6 7Z"/>',
  star: '<path d="M14 2l1.4 3.3 3.6.3-2.7 2.3.8 3.5L14 9.5l-3.1 1.9.8-3.5L9 5.6l3.6-.3Z"/>',
  cross: '<path d="M12.7 3h2.6v2.7H18v2.6h-2.7V11h-2.6V8.3H10V5.7h2.7Z"/>',
  wye: '<path d="M12.8 11.5V8L9.8 6.2l1.2-2L14 6l3-1.8 1.2 2-3 1.8v3.5Z"/>',
};

/** A line with a marker, as charts draw them. */
export function swatch({ experiment, variant }: Pick<LegendEntry, 'experiment' | 'variant'>): Html {
  const dashes = dash(experiment + variant);
  return new Html(
    `<svg class="swatch" width="28" height="14" aria-hidden="true" style="color:${hue(experiment)}"><path d="M0 7h28" stroke-width="2"${dashes === 'none' ? '' : ` stroke-dasharray="${dashes}"`}/>${SHAPES[marker(experiment + variant)]}</svg>`,
  );
}

export function legendMarkup(entries: readonly LegendEntry[]): Html | null {
  if (entries.length === 0) return null;
  return html`<ul class="legend">${entries.map((entry) => html`<li>${swatch(entry)}${written(clip(entry.label, 100))}</li>`)}</ul>`;
}
