import type { ReportData } from './report-data.ts';
import type { Setting } from './settings.ts';

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** A key that no record has: marks a list of like objects that is stored by columns. */
const TABLE = '$table';
/** Columns longer than this, as JSON, stand once and are referred to by number. */
const WORTH_SHARING = 30;

const isObject = (value: Plain | undefined): value is { readonly [key: string]: Plain | undefined } => typeof value === 'object' && value !== null && !Array.isArray(value);

function isTable(items: readonly Plain[]): items is readonly Record<string, Plain>[] {
  const [first] = items;
  if (items.length < 2 || !isObject(first)) return false;
  const names = Object.keys(first).join('\n');
  return names !== '' && items.every((item) => isObject(item) && Object.keys(item).join('\n') === names);
}

/**
 * Lists of like objects become columns, and a column that occurs again (the edges of bins, the names of classes, the numbers of epochs) stands once. Lossless,
 * a third of the size where runs are many, and still JSON that a person can read.
 */
class Packer {
  readonly shared: Plain[] = [];
  private readonly known = new Map<string, number>();

  pack(value: Plain | undefined): Plain {
    if (Array.isArray(value)) {
      const items = value as readonly Plain[];
      if (!isTable(items)) return items.map((item) => this.pack(item));
      return { [TABLE]: Object.fromEntries(Object.keys(items[0]!).map((name) => [name, this.column(items.map((item) => item[name] ?? null))])) };
    }
    if (!isObject(value)) return value ?? null;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.pack(member)]));
  }

  private column(values: readonly Plain[]): Plain {
    const packed = values.map((value) => this.pack(value));
    if (packed.length > 200 || values.some((value) => typeof value === 'object' && value !== null)) return packed;
    const text = JSON.stringify(packed);
    if (text.length < WORTH_SHARING) return packed;
    const place = this.known.get(text) ?? this.shared.push(packed) - 1;
    this.known.set(text, place);
    return place;
  }
}

function unpack(value: Plain | undefined, shared: readonly Plain[]): Plain {
  if (Array.isArray(value)) return (value as readonly Plain[]).map((item) => unpack(item, shared));
  if (!isObject(value)) return value ?? null;
  const table = value[TABLE];
  if (!isObject(table)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unpack(member, shared)]));
  const columns = Object.entries(table).map(([name, column]) => [name, (typeof column === 'number' ? shared[column] : unpack(column, shared)) as readonly Plain[]] as const);
  return (columns[0]?.[1] ?? []).map((_, row) => Object.fromEntries(columns.map(([name, column]) => [name, column[row]])));
}

/** A report's data as the page holds them: recipes' settings once each, lists of objects by columns. Nothing is lost or rounded. */
export function packReport(data: ReportData): unknown {
  const recipes = Object.fromEntries(data.runs.map((run) => [run.recipeId, run.settings]));
  const runs = data.runs.map(({ settings: _settings, ...run }) => run);
  const packer = new Packer();
  const packed = packer.pack(JSON.parse(JSON.stringify({ ...data, runs, recipes })) as Plain);
  return { packed, shared: packer.shared };
}

/** Reads the page's data block back. */
export function unpackReport(block: unknown): ReportData {
  const { packed, shared } = block as { readonly packed: Plain; readonly shared: readonly Plain[] };
  const { recipes, runs, ...data } = unpack(packed, shared) as unknown as Omit<ReportData, 'runs'> & { readonly runs: readonly Omit<ReportData['runs'][number], 'settings'>[]; readonly recipes: Record<string, Record<string, Setting>> };
  return { ...data, runs: runs.map((run) => ({ ...run, settings: recipes[run.recipeId] ?? {} })) };
}
