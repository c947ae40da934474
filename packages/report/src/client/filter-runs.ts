import type { Column } from '../columns/column.ts';
import type { ReportData } from '../data/report-data.ts';

const OPERATORS: Record<string, (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
};

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9.]+/g, '');

/** `0.8`, `80%`, `1e-3`, `40M`. */
function toNumber(text: string): number {
  const match = /^(-?[\d.]+(?:e[-+]?\d+)?)(%|[kmgt])?$/i.exec(text);
  if (!match) return Number.NaN;
  return Number(match[1]) * ({ '%': 0.01, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }[match[2]?.toLowerCase() ?? ''] ?? 1);
}

/** The column that the reader names by its id, its label, or the end of a setting's path. */
function columnNamed(columns: readonly Column[], name: string): Column | undefined {
  const wanted = plain(name);
  return (
    columns.find((c) => plain(c.id) === wanted || plain(c.label) === wanted) ??
    columns.find((c) => c.kind === 'setting' && plain(c.id.split('.').at(-1) ?? '') === wanted)
  );
}

/**
 * Runs that match every term: `word` (in experiment, status or any setting's value), `column=value`, `column>number`
 * and so on, where a column is named by id, label or setting (`seed=2 testAccuracy>80% dropout2d<0.1`).
 */
export function filterRuns(data: ReportData, columns: readonly Column[], text: string): number[] {
  const terms = text
    .trim()
    .split(/\s+/)
    .filter((term) => term !== '');
  const tests = terms.map((term): ((index: number) => boolean) => {
    const [, name, operator, value] = /^([^<>=]+)(>=|<=|=|>|<)(.*)$/.exec(term) ?? [];
    const column = name === undefined ? undefined : columnNamed(columns, name);
    if (column && operator !== undefined && value !== undefined) {
      const compare = OPERATORS[operator];
      return (index) => {
        const own = column.value(data.runs[index]!, index);
        if (compare) return typeof own === 'number' && compare(own, toNumber(value));
        return typeof own === 'number'
          ? own === toNumber(value)
          : String(own).toLowerCase().includes(value.toLowerCase());
      };
    }
    const wanted = term.toLowerCase();
    return (index) => {
      const run = data.runs[index]!;
      const texts = [
        ...run.experiments.flatMap((e) => [data.experiments[e]?.title, data.experiments[e]?.id]),
        run.status,
        run.runId,
        ...Object.values(run.settings),
      ];
      return texts.some((t) => String(t).toLowerCase().includes(wanted));
    };
  });
  return data.runs.flatMap((_, index) => (tests.every((test) => test(index)) ? [index] : []));
}

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
