import type { Column } from '../columns/column.ts';
import { columnsOf } from '../columns/columns-of.ts';
import { DEFAULT_ORDER, sortRuns } from '../columns/sort-runs.ts';
import { reportCsv, reportRows } from '../exports/csv.ts';
import { plural } from '../text/plural.ts';
import { html, written } from '../page/html.ts';
import { tableInside } from '../page/runs-table.ts';
import { download } from './download.ts';
import { filterRuns } from './filter-runs.ts';
import { groupsOf } from './group-runs.ts';
import { element, type PageContext } from './page-context.ts';
import type { GroupBy } from './state.ts';
import { saveTable } from './table-exports.ts';

const GROUPS: readonly (readonly [GroupBy, string])[] = [
  ['none', 'nothing'],
  ['experiment', 'experiment'],
  ['sweep', 'manifest entry'],
  ['status', 'status'],
];
const KINDS: readonly (readonly [Column['kind'], string])[] = [
  ['result', 'Results'],
  ['setting', 'Settings'],
  ['cost', 'Cost'],
  ['measured', 'Measured'],
];

/** The table of all runs, which readers sort, filter, group, pick from and export, with the columns they choose. */
export class RunsExplorer {
  private all: readonly Column[];
  private readonly table = element('#runs-table') as HTMLTableElement;
  private readonly controls = element('#runs-controls');
  private shown: readonly number[] = [];

  constructor(private readonly context: PageContext) {
    this.all = columnsOf(context.data, context.measurements);
    this.buildControls();
    this.table.addEventListener('click', (event) => this.onHeader(event.target as HTMLElement));
    this.table.addEventListener('change', (event) => this.onPick(event.target as HTMLInputElement));
    context.onData(() => {
      this.all = columnsOf(context.data, context.measurements);
      this.render();
    });
    context.onChange((changed) => {
      if (['sort', 'groupBy', 'filter', 'columns'].some((key) => changed.has(key as 'sort'))) this.render();
      else if (changed.has('picked')) this.markPicked();
    });
  }

  /** A table of a thousand rows takes a while to build, so the page becomes interactive first. */
  show(): void {
    if (this.context.data.runs.length <= 200) this.render();
    else requestIdleCallback(() => this.render(), { timeout: 1000 });
  }

  private get columns(): Column[] {
    const { columns } = this.context.state;
    return this.all.filter((column) => (columns ? columns.includes(column.id) : column.visible));
  }

  private buildControls(): void {
    const { state } = this.context;
    const chosen = new Set(this.columns.map((c) => c.id));
    const menu = KINDS.map(([kind, label]) => {
      const columns = this.all.filter((c) => c.kind === kind);
      return columns.length === 0
        ? null
        : html`<fieldset><legend>${label}</legend>${columns.map((c) => html`<label title="${c.meaning}"><input type="checkbox" data-column="${c.id}"${chosen.has(c.id) ? html` checked` : null}> ${written(c.label)}</label>`)}</fieldset>`;
    });
    const settings = this.all.filter((c) => c.kind === 'setting').map((c) => [c.id as GroupBy, c.label] as const);
    this.controls.className = 'controls';
    this.controls.innerHTML =
      html`<label class="grow">Filter <input type="search" name="filter" value="${state.filter}" placeholder="words, seed=1, test accuracy > 80" spellcheck="false" autocomplete="off"></label><label>Group by <select name="groupBy">${[...GROUPS, ...settings].map(([value, label]) => html`<option value="${value}"${state.groupBy === value ? html` selected` : null}>${label}</option>`)}</select></label><details class="menu"><summary>Columns</summary><div class="menu-body">${menu}</div></details><button type="button" data-act="pick">Pick shown</button><button type="button" data-act="clear">Clear picks</button><button type="button" data-act="csv">CSV</button><button type="button" data-act="json">JSON</button><button type="button" data-act="latex">LaTeX</button><output class="count" aria-live="polite"></output><p class="problems" role="status"></p>`.markup;
    this.controls.addEventListener('input', (event) => this.onControl(event.target as HTMLInputElement));
    this.controls.addEventListener('click', (event) =>
      this.onButton((event.target as HTMLElement).closest<HTMLElement>('[data-act]')?.dataset['act']),
    );
  }

  private onControl(input: HTMLInputElement): void {
    if (input.name === 'filter') this.context.set({ filter: input.value });
    else if (input.name === 'groupBy') this.context.set({ groupBy: input.value as GroupBy });
    else if (input.dataset['column'])
      this.context.set({
        columns: Array.from(
          this.controls.querySelectorAll<HTMLInputElement>('[data-column]:checked'),
          (box) => box.dataset['column']!,
        ),
      });
  }

  private onButton(act: string | undefined): void {
    const { data, measurements } = this.context;
    if (act === 'pick') this.context.set({ picked: [...this.shown].sort((a, b) => a - b) });
    if (act === 'clear') this.context.set({ picked: [] });
    if (act === 'csv')
      download(`${data.name}-runs.csv`, 'text/csv;charset=utf-8', reportCsv(data, measurements, this.shown));
    if (act === 'latex') saveTable(this.table, 'latex', data.name);
    if (act === 'json')
      download(
        `${data.name}-runs.json`,
        'application/json',
        JSON.stringify(reportRows(data, measurements, this.shown), undefined, 2),
      );
  }

  private onHeader(target: HTMLElement): void {
    const id = target.closest('button.head')?.closest<HTMLElement>('[data-column]')?.dataset['column'];
    const column = this.all.find((c) => c.id === id);
    if (!column) return;
    const { sort } = this.context.state;
    // Numbers start with the greatest, which readers usually want, and text with A. A third click restores the default
    // order.
    const first =
      typeof this.context.data.runs.map((run, i) => column.value(run, i)).find((v) => v !== null) === 'number';
    const next =
      sort?.column !== column.id
        ? { column: column.id, descending: first }
        : sort.descending === first
          ? { column: column.id, descending: !first }
          : null;
    this.context.set({ sort: next });
    this.table.querySelector<HTMLElement>(`[data-column="${CSS.escape(column.id)}"] button`)?.focus();
  }

  private onPick(box: HTMLInputElement): void {
    const run = Number(box.closest('tr')?.dataset['run']);
    const { picked } = this.context.state;
    this.context.set({
      picked: box.checked ? [...picked, run].sort((a, b) => a - b) : picked.filter((i) => i !== run),
    });
  }

  private markPicked(): void {
    const picked = new Set(this.context.state.picked);
    for (const row of this.table.querySelectorAll<HTMLElement>('tr[data-run]')) {
      const isPicked = picked.has(Number(row.dataset['run']));
      row.classList.toggle('picked', isPicked);
      (element('input', row) as HTMLInputElement).checked = isPicked;
    }
  }

  private render(): void {
    const { data, state } = this.context;
    const sort = state.sort ?? DEFAULT_ORDER;
    const { runs, problems } = filterRuns(data, this.all, state.filter);
    this.shown = sortRuns(
      data,
      runs,
      this.all.find((c) => c.id === sort.column),
      sort.descending,
    );
    this.table.innerHTML = tableInside(data, {
      columns: this.columns,
      blocks: groupsOf(data, this.all, this.shown, state.groupBy),
      picked: new Set(state.picked),
      sort,
      interactive: true,
    }).markup;
    element('.problems', this.controls).textContent = problems.join(' ');
    element('output', this.controls).textContent =
      this.shown.length === data.runs.length
        ? plural(data.runs.length, 'run')
        : `${this.shown.length} of ${plural(data.runs.length, 'run')}`;
    const filter = element('[name=filter]', this.controls) as HTMLInputElement;
    if (filter.value !== state.filter) filter.value = state.filter;
  }
}
