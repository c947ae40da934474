import { mean, sampleDeviation } from '@bakeoff/statistics';
import { pointsApart } from '@bakeoff/statistics/formats';
import type { SeriesStyle } from '../charts/palette.ts';
import { sectionStyles } from '../charts/section-styles.ts';
import type { Column } from '../columns/column.ts';
import type { ReportData } from '../data/report-data.ts';
import { sectionNames } from '../names/section-names.ts';
import { clip } from '../text/clip.ts';
import { plural } from '../text/plural.ts';
import { type Html, html, measured, written } from './html.ts';
import { swatch } from './swatch.ts';

/** Runs under one heading, or all runs under none. */
export interface Block {
  readonly heading: string | null;
  readonly runs: readonly number[];
}

/** What the table shows: which runs, in which order, under which headings, with which columns. */
export interface TableView {
  readonly columns: readonly Column[];
  readonly blocks: readonly Block[];
  readonly picked: ReadonlySet<number>;
  readonly sort: { readonly column: string; readonly descending: boolean };
  /** Headers sort on click and rows can be picked; only in the script's tables. */
  readonly interactive: boolean;
}

const isNumeric = (column: Column): boolean => !['experiment', 'status', 'stopReason'].includes(column.id);

/** The most common value of a setting; values that differ from it are marked. */
function usualValues(data: ReportData, columns: readonly Column[]): Map<string, string> {
  return new Map(
    columns
      .filter((c) => c.kind === 'setting')
      .map((column) => {
        const counts = new Map<string, number>();
        data.runs.forEach((run, i) =>
          counts.set(String(column.value(run, i)), (counts.get(String(column.value(run, i))) ?? 0) + 1),
        );
        return [column.id, [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0] as [string, number])[0]];
      }),
  );
}

interface Looks {
  readonly usual: ReadonlyMap<string, string>;
  readonly styles: ReadonlyMap<number, SeriesStyle>;
  readonly names: ReadonlyMap<number, string>;
  /** Experiments chosen by validation accuracy, one per data set. */
  readonly chosen: ReadonlySet<number>;
}

const WINNER = html`<span class="winner" title="Of the experiment with the highest validation accuracy">★<span class="sr"> chosen by validation accuracy</span></span> `;

function cell(data: ReportData, column: Column, index: number, { usual, styles, names, chosen }: Looks): Html {
  const run = data.runs[index]!;
  const value = column.value(run, index);
  const text = column.text(value, run);
  if (column.id === 'experiment')
    return html`<th scope="row" class="name">${swatch(styles.get(run.experiments[0] ?? 0)!)}${run.experiments.some((e) => chosen.has(e)) ? WINNER : null}${written(run.experiments.map((e) => names.get(e) ?? '').join(' · '))}</th>`;
  const differs = column.kind === 'setting' && usual.get(column.id) !== String(value);
  const classes = [
    // Most columns are numbers, so their cells go without a class: it is a tenth of a large table.
    isNumeric(column) ? '' : 'left',
    differs ? 'differs' : '',
    column.id === 'status' ? `status-${run.status}` : '',
  ]
    .filter(Boolean)
    .join(' ');
  const space = text.indexOf(' [');
  const content =
    space > 0 && column.id === 'testAccuracy'
      ? html`${text.slice(0, space)} <small>${text.slice(space + 1)}</small>`
      : column.kind === 'setting'
        ? written(clip(text, 60))
        : text;
  return html`<td${classes ? html` class="${classes}"` : null} data-v="${value === null ? '' : String(value)}">${content}</td>`;
}

/** The mean of a column over a group's runs, with their standard deviation. */
function meanCell(data: ReportData, { value, number, share }: Column, runs: readonly number[]): Html {
  const values = runs.map((i) => value(data.runs[i]!, i)).filter((v): v is number => typeof v === 'number');
  if (!number || values.length === 0) return html`<td></td>`;
  const center = mean(values);
  const deviation = sampleDeviation(values);
  const spread = deviation === null ? '' : share ? pointsApart(deviation) : number(deviation);
  return html`<td class="n" data-v="${center}">${number(center)}${deviation === null ? null : html` <small>± ${spread}</small>`}</td>`;
}

/** A group's heading with the means of its runs, in the columns' places. */
function groupRow(data: ReportData, { heading, runs }: Block, columns: readonly Column[], picks: boolean): Html | null {
  if (heading === null) return null;
  // The heading covers the first columns that have no mean, as those of names and seeds.
  const covered = columns.findIndex(({ number }) => number !== undefined);
  const own = covered < 0 ? columns.length : covered;
  return html`<tr class="group"><th scope="rowgroup" colspan="${own + (picks ? 1 : 0)}">${written(clip(heading, 120))} <small>${plural(runs.length, 'run')}</small></th>${columns.slice(own).map((column) => meanCell(data, column, runs))}</tr>`;
}

/** Everything between the table's tags: head and bodies. The script writes the same markup on each change. */
export function tableInside(data: ReportData, view: TableView): Html {
  const { columns, picked, sort } = view;
  const all = data.experiments.map((_, i) => i);
  const looks: Looks = {
    usual: usualValues(data, columns),
    styles: sectionStyles(data, all),
    names: sectionNames(data, all).names,
    chosen: new Set(data.rankings.flatMap(({ chosen }) => chosen ?? [])),
  };
  const [determined, timed] = [
    columns.filter((c) => c.kind !== 'measured'),
    columns.filter((c) => c.kind === 'measured'),
  ];
  const head = (column: Column): Html => {
    const state = sort.column === column.id ? (sort.descending ? 'descending' : 'ascending') : 'none';
    return html`<th scope="col" data-column="${column.id}" class="${isNumeric(column) ? 'n' : 'left'}" title="${column.meaning}" aria-sort="${state}">${view.interactive ? html`<button type="button" class="head">${written(column.label)}</button>` : written(column.label)}</th>`;
  };
  const row = (index: number): Html => {
    const run = data.runs[index]!;
    const label = `${clip(data.experiments[run.experiments[0] ?? -1]?.title ?? '', 60)}, seed ${run.seed}`;
    return html`<tr data-run="${index}"${picked.has(index) ? html` class="picked"` : null}>${view.interactive ? html`<td class="pick"><input type="checkbox" aria-label="Pick ${label}"${picked.has(index) ? html` checked` : null}></td>` : null}${determined.map((c) => cell(data, c, index, looks))}${timed.length > 0 ? measured(html`${timed.map((c) => cell(data, c, index, looks))}`) : null}</tr>`;
  };
  const bodies = view.blocks.map(
    (block) =>
      html`<tbody>${groupRow(data, block, [...determined, ...timed], view.interactive)}${block.runs.map(row)}</tbody>`,
  );
  return html`<thead><tr>${view.interactive ? html`<td class="pick"></td>` : null}${determined.map(head)}${timed.length > 0 ? measured(html`${timed.map(head)}`) : null}</tr></thead>${bodies}`;
}
