import type { ColumnValue } from '../columns/column.ts';
import { columnsOf } from '../columns/columns-of.ts';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData } from '../data/report-data.ts';

/**
 * A field as in RFC 4180. Text that a spreadsheet would take for a formula is prefixed with an apostrophe (OWASP, CSV
 * injection); numbers keep every digit.
 */
function field(value: ColumnValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/**
 * The table of runs as CSV with every column: one line per run, either all runs in plan order or only the given ones.
 */
export function reportCsv(
  data: ReportData,
  measurements: Measurements,
  runs: readonly number[] = data.runs.map((_, i) => i),
): string {
  const columns = columnsOf(data, measurements);
  const head = ['runId', ...columns.map((column) => column.id.replace(/^setting:/, ''))];
  const rows = runs.map((index) => {
    const run = data.runs[index]!;
    return [run.runId, ...columns.map((column) => column.value(run, index))];
  });
  return csvLines([head, ...rows]);
}

/** Rows of values as CSV. */
export function csvLines(rows: readonly (readonly ColumnValue[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** The same table as records, numbers as numbers. */
export function reportRows(
  data: ReportData,
  measurements: Measurements,
  runs: readonly number[] = data.runs.map((_, i) => i),
): Record<string, ColumnValue>[] {
  const columns = columnsOf(data, measurements);
  return runs.map((index) => ({
    runId: data.runs[index]!.runId,
    ...Object.fromEntries(
      columns.map((column) => [column.id.replace(/^setting:/, ''), column.value(data.runs[index]!, index)]),
    ),
  }));
}
