import type { Chart } from '../charts/chart.ts';
import { type ChartName, CHARTS } from '../charts/registry.ts';
import { columnsOf } from '../columns/columns-of.ts';
import type { ReportData } from '../data/report-data.ts';
import { type Html, html } from '../page/html.ts';
import type { Figures } from './figures.ts';
import { element, type PageContext } from './page-context.ts';
import { sideBySide } from './side-by-side.ts';
import { addTableExports } from './table-exports.ts';

/** The charts that the report has something for. */
function chartOptions(data: ReportData): Html {
  const offered = Object.entries<Chart>(CHARTS).filter(([, { appliesTo }]) => appliesTo?.(data) ?? true);
  return html`${offered.map(([chart, { title }]) => html`<option value="${chart}">${title}</option>`)}`;
}

const markup = (data: ReportData): Html =>
  html`<div id="picked-runs" hidden><h3>Picked runs side by side</h3><div class="controls"><label><input type="checkbox" name="differences"> Differences only</label></div><div id="side-by-side"></div></div><h3>Explore</h3><div class="controls"><label>Chart <select name="chart">${chartOptions(data)}</select></label> <span class="hint"></span></div><figure class="chart" data-live="yes"><figcaption><span class="title"></span></figcaption><div class="figure-body"></div></figure>`;

/** The explorer below the table: any chart of all or of picked runs, and picked runs side by side. */
export function addExplorer(context: PageContext, figures: Figures): void {
  const host = element('#comparison');
  host.innerHTML = markup(context.data).markup;
  const select = element('[name=chart]', host) as HTMLSelectElement;
  const differences = element('[name=differences]', host) as HTMLInputElement;
  const figure = element('figure', host);
  const table = element('#side-by-side', host);
  const update = (): void => {
    const { data, measurements, state } = context;
    const { explore, picked, differencesOnly } = state;
    select.value = explore;
    differences.checked = differencesOnly;
    figure.dataset['chart'] = explore;
    element('figcaption .title', figure).textContent = CHARTS[explore].title;
    element('.hint', host).textContent =
      picked.length === 0
        ? 'Of all experiments. Pick runs in the table, or by their marks, to see only those.'
        : 'Of the picked runs.';
    element('#picked-runs', host).hidden = picked.length === 0;
    table.innerHTML =
      picked.length === 0 ? '' : sideBySide(data, columnsOf(data, measurements), picked, differencesOnly).markup;
    addTableExports(table, data.name);
  };
  select.addEventListener('input', () => context.set({ explore: select.value as ChartName }));
  differences.addEventListener('input', () => context.set({ differencesOnly: differences.checked }));
  context.onChange((changed) => {
    if (['picked', 'explore', 'differencesOnly'].some((key) => changed.has(key as 'picked'))) update();
    figures.refresh();
  });
  context.onData(update);
  update();
  figures.add(figure);
}
