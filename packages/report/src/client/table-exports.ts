import { csvLines } from '../exports/csv.ts';
import { latexTable } from '../exports/latex.ts';
import { html } from '../page/html.ts';
import { download } from './download.ts';
import { readTable } from './read-table.ts';

const slug = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** Saves a table of the page: CSV with every digit that the page has, LaTeX as shown. */
export function saveTable(table: HTMLTableElement, format: 'csv' | 'latex', name: string): void {
  const title = table.closest('[role=region]')?.getAttribute('aria-label') ?? 'Table';
  const file = `${name}-${slug(title)}`;
  const rows = readTable(table);
  if (format === 'csv')
    download(`${file}.csv`, 'text/csv;charset=utf-8', csvLines(rows.map((row) => row.map(({ value }) => value))));
  else download(`${file}.tex`, 'application/x-tex', latexTable(rows, title));
}

/** Adds the buttons that save a table below each table within `root`, except the table of runs, which has controls. */
export function addTableExports(root: ParentNode, name: string): void {
  for (const region of root.querySelectorAll<HTMLElement>('.table-scroll')) {
    const table = region.querySelector<HTMLTableElement>('table');
    if (!table || table.id === 'runs-table') continue;
    const title = region.getAttribute('aria-label') ?? 'Table';
    const bar = document.createElement('p');
    bar.className = 'exports';
    bar.innerHTML =
      html`<button type="button" data-format="csv" aria-label="${title}: save as CSV">CSV</button> <button type="button" data-format="latex" aria-label="${title}: save as LaTeX">LaTeX</button>`.markup;
    bar.addEventListener('click', (event) => {
      const format = (event.target as HTMLElement).closest<HTMLElement>('[data-format]')?.dataset['format'];
      if (format === 'csv' || format === 'latex') saveTable(table, format, name);
    });
    region.after(bar);
  }
}
