import type { ChartName } from '@bakeoff/core';
import { CHART_TITLES, CURVE_VIEWS, MEASURED_CHARTS, drawerOf } from '../charts/draw-chart.ts';
import type { Drawn, Group } from '../charts/view.ts';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData } from '../data/report-data.ts';
import { galleryMarkup } from './gallery-markup.ts';
import { Html, html, measured, written } from './html.ts';
import { legendMarkup } from './swatch.ts';

/** The inside of a figure: panels, legend, note. The page's script writes the same markup when it redraws. */
export function figureMarkup(drawn: Drawn): Html {
  if ('empty' in drawn) return html`<p class="empty">${drawn.empty}</p>`;
  const panels = drawn.panels.map(
    (panel) =>
      html`<div class="panel">${panel.title === null ? null : html`<p class="panel-title">${written(panel.title)}</p>`}<div class="scroll">${new Html(panel.svg.outerHTML)}</div></div>`,
  );
  return html`${legendMarkup(drawn.legend)}<div class="panels${drawn.panels.length > 1 ? ' several' : ''}">${panels}</div><p class="note">${drawn.note}</p>`;
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
  const inside = drawer
    ? figureMarkup(drawer({ ...place, measurements: isMeasured ? place.measurements : null }))
    : galleryMarkup(place.data, place.groups);
  const section = place.section === null ? '' : ` data-section="${place.section}"`;
  const curve = CURVE_VIEWS[chart] ? ' data-curve' : '';
  return html`<figure class="chart" data-chart="${chart}"${new Html(section + curve)}><figcaption><span class="number">Figure ${number}</span> ${CHART_TITLES[chart]}</figcaption><div class="figure-body">${isMeasured ? measured(inside) : inside}</div></figure>`;
}
