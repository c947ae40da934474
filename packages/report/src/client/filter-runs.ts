import type { Column } from '../columns/column.ts';
import type { ReportData } from '../data/report-data.ts';

const OPERATORS: Record<string, (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
};

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9.]+/g, '');

/** `0.8`, `80%`, `1e-3`, `40M`; NaN if it is no number. */
function toNumber(text: string): number {
  const match = /^(-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(%|[kmgt])?$/i.exec(text);
  if (!match) return Number.NaN;
  return Number(match[1]) * ({ '%': 0.01, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }[match[2]?.toLowerCase() ?? ''] ?? 1);
}

/** A number to compare a column's values with. Above 1, a share is meant in percent, as tables show it. */
function comparedNumber({ share }: Column, text: string): number {
  const value = toNumber(text);
  return share && !text.endsWith('%') && Math.abs(value) > 1 ? value / 100 : value;
}

/** The column that the reader names by its id, its label, or the end of a setting's path. */
function columnNamed(columns: readonly Column[], name: string): Column | undefined {
  const wanted = plain(name);
  return (
    columns.find((c) => plain(c.id) === wanted || plain(c.label) === wanted) ??
    columns.find((c) => c.kind === 'setting' && plain(c.id.split('.').at(-1) ?? '') === wanted)
  );
}

const pairs = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2));

/** Columns whose names are nearly the reader's: one has most of the other's letters in a row. */
function similar(columns: readonly Column[], name: string): string[] {
  const wanted = plain(name);
  const likeness = (text: string): number => {
    const [a, b] = [pairs(wanted), pairs(plain(text))];
    return (2 * a.filter((pair) => b.includes(pair)).length) / Math.max(1, a.length + b.length);
  };
  return columns
    .map((column) => ({ column, score: Math.max(likeness(column.label), likeness(column.id.replace(/^.*[:.]/, ''))) }))
    .filter(({ score }) => score > 0.45)
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
    .map(({ column }) => column.label);
}

type Test = (index: number) => boolean;

interface Condition {
  readonly name: string;
  readonly operator: string;
  readonly value: string;
}

/**
 * Splits a filter into words and conditions. Blanks around an operator do not matter, and a name may be a label of
 * several words, of which the longest that names a column counts: `resnet20 Test accuracy > 50`.
 */
function termsOf(columns: readonly Column[], text: string): (string | Condition)[] {
  const tokens =
    text
      .replaceAll('≥', '>=')
      .replaceAll('≤', '<=')
      .replace(/\s*(>=|<=|==|=|>|<)\s*/g, (_, operator: string) => (operator === '==' ? '=' : operator))
      .match(/(?:"[^"]*"|[^\s"])+/g) ?? [];
  const terms: (string | Condition)[] = [];
  let words: string[] = [];
  for (const token of tokens) {
    const [, name, operator, value] = /^([^<>=]+)(>=|<=|=|>|<)(.*)$/.exec(token) ?? [];
    if (name === undefined || operator === undefined || value === undefined) {
      words.push(token.replaceAll('"', ''));
      continue;
    }
    const start = words.findIndex((_, i) => columnNamed(columns, [...words.slice(i), name].join(' ')));
    const label = [...words.splice(start < 0 ? words.length : start), name].join(' ');
    terms.push(...words, { name: label, operator, value: value.replaceAll('"', '') });
    words = [];
  }
  return [...terms, ...words];
}

function wordTest(data: ReportData, word: string): Test {
  const wanted = word.toLowerCase();
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
}

function conditionTest(data: ReportData, column: Column, { operator, value }: Condition): Test {
  const compare = OPERATORS[operator];
  const number = comparedNumber(column, value);
  return (index) => {
    const run = data.runs[index]!;
    const own = column.value(run, index);
    if (compare) return typeof own === 'number' && compare(own, number);
    if (typeof own === 'number' && !Number.isNaN(number)) return own === number;
    return [String(own), column.text(own, run)].some((t) => t.toLowerCase().includes(value.toLowerCase()));
  };
}

/** What a filter finds, and what in it was not understood and is ignored, as sentences for the reader. */
export interface Filtered {
  readonly runs: number[];
  readonly problems: readonly string[];
}

/**
 * Runs that match every term: `word` (in experiment, status or any setting's value), `column=value`, `column>number`
 * and so on, where a column is named by id, label or setting (`seed=2 testAccuracy > 80 dropout2d<0.1`).
 */
export function filterRuns(data: ReportData, columns: readonly Column[], text: string): Filtered {
  const problems: string[] = [];
  const tests = termsOf(columns, text).flatMap((term): Test[] => {
    if (typeof term === 'string') return [wordTest(data, term)];
    const column = columnNamed(columns, term.name);
    if (!column) {
      const near = similar(columns, term.name);
      const advice = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'The menu “Columns” has all names.';
      problems.push(`There is no column “${term.name}”, so that condition is ignored. ${advice}`);
      return [];
    }
    // The reader may still be typing.
    if (term.value === '') return [];
    if (term.operator in OPERATORS && Number.isNaN(toNumber(term.value))) {
      problems.push(
        `“${term.value}” is not a number, so the condition on ${column.label} is ignored. Numbers are written 0.8, 80%, 1e-3 or 40M.`,
      );
      return [];
    }
    return [conditionTest(data, column, term)];
  });
  return { runs: data.runs.flatMap((_, index) => (tests.every((test) => test(index)) ? [index] : [])), problems };
}
