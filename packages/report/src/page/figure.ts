import type { Chart, Drawing, Drawn } from '../charts/chart.ts';
import { plotter } from '../charts/plotter.ts';
import { chartNamed } from '../charts/registry.ts';
import type { Measurements } from '../data/measurements.ts';
import { termed } from './glossary.ts';
import { Html, html, measured, written } from './html.ts';
import { legendMarkup } from './swatch.ts';

/** The inside of a figure: panels, legend, note. The page's script writes the same markup when it redraws. */
export function figureMarkup(drawn: Drawn): Html {
  if ('empty' in drawn) return html`<p class="empty">${drawn.empty}</p>`;
  if ('markup' in drawn) return drawn.markup;
  const panels = drawn.panels.map(
    (panel) =>
      html`<div class="panel"${panel.run === undefined ? null : html` data-run="${panel.run}"`}>${panel.title === null ? null : html`<p class="panel-title">${written(panel.title)}</p>`}<div class="scroll"${panel.run === undefined ? null : html` tabindex="0"`}>${new Html(panel.svg.outerHTML)}</div></div>`,
  );
  return html`${legendMarkup(drawn.legend, drawn.legendTitle)}<div class="panels${drawn.panels.length > 1 ? ' several' : ''}">${panels}</div><p class="note">${termed(drawn.note)}</p>`;
}

/** What every figure is drawn from. */
export interface FigurePlace extends Omit<Drawing, 'plot' | 'measurements'> {
  readonly measurements: Measurements;
}

/** Charts of records are drawn without the measurements, so that none can slip in. */
export function drawChart({ needs, draw }: Chart, place: FigurePlace): Drawn {
  return draw({ ...place, plot: plotter, measurements: needs === 'measurements' ? place.measurements : null });
}

/** In a page that follows a study there is no document: the script draws, as often as the records change. */
interface PagePlace extends Omit<FigurePlace, 'document'> {
  readonly document: Document | null;
}

/**
 * One chart of a section, by its name in the plan, as a complete static figure that the script can find and redraw, or
 * as an empty one that only the script draws.
 */
export function figure(name: string, place: PagePlace, number: string): Html {
  const chart = chartNamed(name);
  const { document } = place;
  const inside =
    chart === undefined
      ? html`<p class="empty">This version of Bakeoff does not have this chart.</p>`
      : document === null
        ? null
        : figureMarkup(drawChart(chart, { ...place, document }));
  const section = place.section === null ? '' : ` data-section="${place.section}"`;
  const curve = chart?.curves ? ' data-curve' : '';
  return html`<figure class="chart" data-chart="${name}"${new Html(section + curve)}><figcaption><span class="number">Figure ${number}</span> <span class="title">${chart?.title ?? name}</span></figcaption><div class="figure-body">${inside !== null && chart?.needs === 'measurements' ? measured(inside) : inside}</div></figure>`;
}
