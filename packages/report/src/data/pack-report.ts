import type { ReportData } from './report-data.ts';
import type { Setting } from './settings.ts';

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain | undefined };

/** A key that no record has. It marks a list of similar objects that is stored by columns. */
const TABLE = '$table';
/** Columns longer than this, as JSON, are stored once and referred to by number. */
const WORTH_SHARING = 30;

const isObject = (value: Plain | undefined): value is { readonly [key: string]: Plain | undefined } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isTable(items: readonly Plain[]): items is readonly Record<string, Plain>[] {
  const [first] = items;
  if (items.length < 2 || !isObject(first)) return false;
  const names = Object.keys(first).join('\n');
  return names !== '' && items.every((item) => isObject(item) && Object.keys(item).join('\n') === names);
}

/**
 * Lists of similar objects become columns, and a column that occurs again (the edges of bins, the names of classes, the
 * numbers of epochs) is stored once. This is lossless, takes a third of the size if there are many runs, and is still
 * readable JSON.
 */
class Packer {
  readonly shared: Plain[] = [];
  private readonly known = new Map<string, number>();

  pack(value: Plain | undefined): Plain {
    if (Array.isArray(value)) {
      const items = value as readonly Plain[];
      if (!isTable(items)) return items.map((item) => this.pack(item));
      return {
        [TABLE]: Object.fromEntries(
          Object.keys(items[0]!).map((name) => [name, this.column(items.map((item) => item[name] ?? null))]),
        ),
      };
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

/**
 * Plain loops, not entries and maps: a page of a thousand runs sets some hundred thousand values before it is
 * interactive.
 */
function unpack(value: Plain | undefined, shared: readonly Plain[]): Plain {
  if (Array.isArray(value)) {
    const items = value as readonly Plain[];
    return items.some((item) => typeof item === 'object' && item !== null)
      ? items.map((item) => unpack(item, shared))
      : items;
  }
  if (!isObject(value)) return value ?? null;
  const table = value[TABLE];
  if (isObject(table)) return unpackTable(table, shared);
  const object: Record<string, Plain> = {};
  for (const key in value) object[key] = unpack(value[key], shared);
  return object;
}

function unpackTable(table: Readonly<Record<string, Plain | undefined>>, shared: readonly Plain[]): Plain {
  const names = Object.keys(table);
  const columns = names.map(
    (name) => (typeof table[name] === 'number' ? shared[table[name]] : unpack(table[name], shared)) as readonly Plain[],
  );
  const rows: Record<string, Plain>[] = [];
  for (let row = 0; row < (columns[0]?.length ?? 0); row++) {
    const object: Record<string, Plain> = {};
    for (let i = 0; i < names.length; i++) object[names[i]!] = columns[i]![row]!;
    rows.push(object);
  }
  return rows;
}

/**
 * A report's data as stored in the page: the settings of each recipe once, and lists of objects by columns. Nothing is
 * lost or rounded.
 */
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
  const { recipes, runs, ...data } = unpack(packed, shared) as unknown as Omit<ReportData, 'runs'> & {
    readonly runs: readonly Omit<ReportData['runs'][number], 'settings'>[];
    readonly recipes: Record<string, Record<string, Setting>>;
  };
  return { ...data, runs: runs.map((run) => ({ ...run, settings: recipes[run.recipeId] ?? {} })) };
}
