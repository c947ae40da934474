import type { ChartName } from '@bakeoff/core';
import { CHART_TITLES, CURVE_VIEWS, MEASURED_CHARTS, drawerOf } from '../charts/draw-chart.ts';
import { dash, hue, marker } from '../charts/palette.ts';
import type { Drawn, Group } from '../charts/view.ts';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData } from '../data/report-data.ts';
import { galleryMarkup } from './gallery-markup.ts';
import { Html, html, measured, written } from './html.ts';

const SHAPES: Record<ReturnType<typeof marker>, string> = {
  circle: '<circle cx="14" cy="7" r="3.2"/>',
  square2: '<rect x="11" y="4" width="6" height="6"/>',
  triangle2: '<path d="M14 3.4 17.8 10H10.2Z"/>',
  diamond2: '<path d="M14 2.6 18.4 7 14 11.4 9.6 7Z"/>',
  times: '<path d="M11 4l6 6m0-6-6 6" class="open"/>',
  wye: '<path d="M14 7v4.4M14 7l-3.8-3M14 7l3.8-3" class="open"/>',
  plus: '<path d="M14 2.8v8.4M9.8 7h8.4" class="open"/>',
};

/** An experiment's line and marker, as charts draw them. */
export function swatch(experiment: number): Html {
  const dashes = dash(experiment);
  return new Html(`<svg class="swatch" width="28" height="14" viewBox="0 0 28 14" aria-hidden="true" style="color:${hue(experiment)}"><path d="M0 7h28" stroke-width="2"${dashes === 'none' ? '' : ` stroke-dasharray="${dashes}"`}/>${SHAPES[marker(experiment)]}</svg>`);
}

/** The inside of a figure: panels, legend, note. The page's script writes the same markup when it redraws. */
export function figureMarkup(data: ReportData, drawn: Drawn): Html {
  if ('empty' in drawn) return html`<p class="empty">${drawn.empty}</p>`;
  const legend = drawn.legend.length > 0 ? html`<ul class="legend">${drawn.legend.map((e) => html`<li>${swatch(e)}${written(data.experiments[e]?.title.slice(0, 120) ?? '')}</li>`)}</ul>` : null;
  const panels = drawn.panels.map((panel) => html`<div class="panel">${panel.title === null ? null : html`<p class="panel-title">${written(panel.title)}</p>`}<div class="scroll">${new Html(panel.svg.outerHTML)}</div></div>`);
  return html`${legend}<div class="panels${drawn.panels.length > 1 ? ' several' : ''}">${panels}</div><p class="note">${drawn.note}</p>`;
}

export interface FigurePlace {
  readonly data: ReportData;
  readonly measurements: Measurements;
  readonly document: Document;
  readonly width: number;
  readonly groups: readonly Group[];
  readonly section: number | null;
}

/** One chart of a section as a complete static figure that the script can find and redraw. */
export function figure(chart: ChartName, place: FigurePlace, number: string): Html {
  const drawer = drawerOf(chart);
  const isMeasured = MEASURED_CHARTS.has(chart);
  // What is determined is drawn without the measurements, so that none can slip in.
  const inside = drawer ? figureMarkup(place.data, drawer({ ...place, measurements: isMeasured ? place.measurements : null })) : galleryMarkup(place.data, place.groups);
  const section = place.section === null ? '' : ` data-section="${place.section}"`;
  const curve = CURVE_VIEWS[chart] ? ' data-curve' : '';
  return html`<figure class="chart" data-chart="${chart}"${new Html(section + curve)}><figcaption><span class="number">Figure ${number}</span> ${CHART_TITLES[chart]}</figcaption><div class="figure-body">${isMeasured ? measured(inside) : inside}</div></figure>`;
}
