import type { RunRow } from '../aws/run-rows.ts';
import { formatDuration, formatPercent, plural } from '../progress/format.ts';
import type { Style } from '../progress/style.ts';
import { formatTable, left, right } from '../progress/table.ts';

/** Rows that are printed; --json has all of them. */
const MAX_ROWS = 60;

/** "3 runs: 1 training, 2 evaluated". */
export function countStates(rows: readonly RunRow[]): string {
  const byState = new Map<string, number>();
  for (const { state } of rows) byState.set(state, (byState.get(state) ?? 0) + 1);
  return `${plural(rows.length, 'run')}: ${[...byState].map(([state, count]) => `${count} ${state}`).join(', ')}`;
}

/** Unfinished runs come first: they are what a reader looks for. */
export function runTable(rows: readonly RunRow[], style: Style): string[] {
  const order = ['failed', 'interrupted', 'training', 'trained', 'evaluating', 'waiting', 'pending', 'evaluated'];
  const sorted = [...rows].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const cells = sorted
    .slice(0, MAX_ROWS)
    .map(({ runId, experiments, seed, state, detail, progress, secondsLeft }) => [
      runId.slice(0, 8),
      experiments.join(', '),
      String(seed),
      state === 'failed' ? style.bad(state) : state === 'evaluated' ? style.good(state) : state,
      progress === null ? '' : formatPercent(progress),
      secondsLeft === null ? '' : formatDuration(secondsLeft * 1000),
      detail,
    ]);
  const columns = [
    left('run'),
    left('experiments'),
    right('seed'),
    left('state'),
    right('progress'),
    right('at most left'),
    left(''),
  ];
  return [
    ...formatTable(columns, cells, style.dim),
    ...(rows.length > MAX_ROWS ? [style.dim(`… and ${rows.length - MAX_ROWS} more; --json has all`)] : []),
  ];
}
