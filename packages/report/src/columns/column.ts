import type { ReportRun } from '../data/report-data.ts';

export type ColumnValue = string | number | boolean | null;

/** One column of the table of runs. The page, its script and the CSV share the list of columns. */
export interface Column {
  readonly id: string;
  readonly label: string;
  /** What the figures mean, for the header's tooltip. */
  readonly meaning: string;
  readonly kind: 'result' | 'setting' | 'cost' | 'measured';
  readonly visible: boolean;
  /** Absent if neither more nor less is better; no value is then marked as best. */
  readonly better?: 'high' | 'low';
  /** Values are fractions that are shown in percent or points. */
  readonly share?: boolean;
  /** How a mean of the values is shown; absent if means say nothing, as of seeds. */
  readonly number?: (value: number) => string;
  readonly value: (run: ReportRun, index: number) => ColumnValue;
  /** The text that is shown; `value` keeps every digit. */
  readonly text: (value: ColumnValue, run: ReportRun) => string;
}

type Options = Partial<Pick<Column, 'kind' | 'visible' | 'better' | 'share'>>;

/** A column of numbers, with a dash for a run that has none. */
export const numberColumn = (
  id: string,
  label: string,
  meaning: string,
  value: (run: ReportRun, index: number) => number | null | undefined,
  text: (value: number) => string,
  options: Options = {},
): Column => ({
  id,
  label,
  meaning,
  kind: 'result',
  visible: true,
  ...options,
  number: text,
  value: (run, index) => value(run, index) ?? null,
  text: (v) => (typeof v === 'number' ? text(v) : '\u2013'),
});

/** A column of text, or of numbers that need no formatting. */
export const plainColumn = (
  id: string,
  label: string,
  meaning: string,
  value: Column['value'],
  visible = true,
): Column => ({
  id,
  label,
  meaning,
  kind: 'result',
  visible,
  value,
  text: (v) => (v === null ? '\u2013' : String(v)),
});

/** Whole numbers; a mean of them has one decimal. */
export const whole = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));
