import type { ReportData } from '../data/report-data.ts';
import type { Column } from './column.ts';

/** The column and direction of a table that a reader has not sorted: the best validation accuracy first. */
export const DEFAULT_ORDER = { column: 'validationBest', descending: true } as const;

/** Runs in the column's order; runs without a value come last. */
export function sortRuns(
  data: ReportData,
  runs: readonly number[],
  column: Column | undefined,
  descending: boolean,
): number[] {
  if (!column) return [...runs];
  const sign = descending ? -1 : 1;
  return runs
    .map((index) => ({ index, value: column.value(data.runs[index]!, index) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null)
        return a.value === b.value ? a.index - b.index : a.value === null ? 1 : -1;
      const order =
        typeof a.value === 'number' && typeof b.value === 'number'
          ? a.value - b.value
          : String(a.value).localeCompare(String(b.value), 'en', { numeric: true });
      return order === 0 ? a.index - b.index : sign * order;
    })
    .map(({ index }) => index);
}
