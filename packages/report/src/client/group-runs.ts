import type { Column } from '../columns/column.ts';
import { sortRuns } from '../columns/sort-runs.ts';
import type { ReportData } from '../data/report-data.ts';
import type { Block } from '../page/runs-table.ts';
import type { GroupBy } from './state.ts';

/** What a run is grouped by, in words. */
function headingOf(data: ReportData, columns: readonly Column[], groupBy: GroupBy): (index: number) => string {
  const experiment = (index: number) => data.experiments[data.runs[index]!.experiments[0] ?? -1];
  if (groupBy === 'status') return (index) => data.runs[index]!.status;
  if (groupBy === 'sweep') return (index) => experiment(index)?.group ?? '';
  if (groupBy === 'experiment') return (index) => experiment(index)?.title ?? '';
  const column = columns.find(({ id }) => id === groupBy);
  return (index) => {
    const run = data.runs[index]!;
    return column ? `${column.label} ${column.text(column.value(run, index), run)}` : '';
  };
}

/** Runs under headings, each in the given order; values of a setting in their own order, others as they first occur. */
export function groupsOf(
  data: ReportData,
  columns: readonly Column[],
  runs: readonly number[],
  groupBy: GroupBy,
): Block[] {
  if (groupBy === 'none') return [{ heading: null, runs }];
  const heading = headingOf(data, columns, groupBy);
  const groups = new Map<string, number[]>();
  for (const index of runs) {
    const members = groups.get(heading(index)) ?? [];
    groups.set(heading(index), members);
    members.push(index);
  }
  const blocks = [...groups].map(([name, members]) => ({ heading: name, runs: members }));
  const setting = columns.find(({ id, kind }) => id === groupBy && kind === 'setting');
  const order = sortRuns(
    data,
    blocks.map((block) => block.runs[0]!),
    setting,
    false,
  );
  return order.map((first) => blocks.find((block) => block.runs[0] === first)!);
}
