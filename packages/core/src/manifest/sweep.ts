import { canonicalJson } from '../canonical-json.ts';
import { isObject, type JsonObject } from './merge.ts';

/** One setting of a sweep and the values it takes. */
interface Axis {
  /** As written: `model.dropout2d`. */
  readonly setting: string;
  readonly values: readonly unknown[];
  /** Its path below the experiment. */
  readonly at: readonly string[];
}

export interface Assignment {
  readonly setting: string;
  readonly path: readonly string[];
  readonly value: unknown;
  /** The value's path below the experiment: `sweep` or `search`, possibly `zip`, setting, and where in it. */
  readonly at: readonly (string | number)[];
}

/** What is wrong with a sweep or a search, at a place below the experiment. */
export interface SweepFault {
  readonly at: readonly (string | number)[];
  readonly what: string;
  readonly received?: string;
  readonly allowed?: string;
  readonly fix: string;
}

/** Settings that are crossed: each entry's axes advance together. */
export type Dimensions = readonly (readonly Axis[])[];

function listOf(setting: string, values: unknown, at: readonly string[]): Axis | SweepFault {
  if (Array.isArray(values) && values.length > 0) return { setting, values, at };
  const inner = isObject(values) ? Object.keys(values)[0] : undefined;
  return {
    at,
    what: `the sweep of ${setting} needs a list of values`,
    received: JSON.stringify(values)?.slice(0, 100) ?? 'nothing',
    allowed: 'a list of at least one value',
    fix:
      inner === undefined
        ? `write ${setting}: [first, second, …]`
        : `write the path with dots: "${setting}.${inner}: [first, second, …]"`,
  };
}

const isFault = (found: Axis | SweepFault): found is SweepFault => 'what' in found;

/** The dimensions of a sweep as written, or what is wrong with it. */
export function readSweep(sweep: JsonObject): {
  readonly dimensions: Dimensions;
  readonly faults: readonly SweepFault[];
} {
  const faults: SweepFault[] = [];
  const axesOf = (map: JsonObject, at: readonly string[]): Axis[] =>
    Object.entries(map).flatMap(([setting, values]) => {
      const found = listOf(setting, values, [...at, setting]);
      if (!isFault(found)) return [found];
      faults.push(found);
      return [];
    });
  const { zip, ...crossed } = sweep;
  const dimensions = axesOf(crossed, ['sweep']).map((axis) => [axis]);
  if (zip !== undefined) {
    const zipped = isObject(zip) ? axesOf(zip, ['sweep', 'zip']) : [];
    if (!isObject(zip))
      faults.push({
        at: ['sweep', 'zip'],
        what: 'zip is not a map',
        received: JSON.stringify(zip).slice(0, 100),
        allowed: 'settings with lists of equal length',
        fix: 'write zip: { batchSize: [32, 64], optimizer.learningRate: [1e-4, 2e-4] }',
      });
    const lengths = zipped.map((axis) => `${axis.setting}: ${axis.values.length}`);
    if (new Set(zipped.map((axis) => axis.values.length)).size > 1)
      faults.push({
        at: ['sweep', 'zip'],
        what: 'settings under zip advance together, but their lists differ in length',
        received: lengths.join(', '),
        allowed: 'lists of one length',
        fix: 'make the lists equally long, or move a setting out of zip to cross it',
      });
    if (zipped.length > 0) dimensions.push(zipped);
  }
  faults.push(...overlaps(dimensions.flat()));
  if (dimensions.length === 0 && faults.length === 0)
    faults.push({
      at: ['sweep'],
      what: 'the sweep names no setting',
      received: JSON.stringify(sweep),
      fix: 'name a setting and its values, or remove the sweep',
    });
  return { dimensions, faults };
}

/** The first of the settings that is the given one, contains it, or is a part of it. */
export function containing(setting: string, settings: readonly string[]): string | undefined {
  return settings.find(
    (other) => other === setting || other.startsWith(`${setting}.`) || setting.startsWith(`${other}.`),
  );
}

function overlaps(axes: readonly Axis[]): SweepFault[] {
  const faults: SweepFault[] = [];
  for (const [i, axis] of axes.entries()) {
    const other = containing(
      axis.setting,
      axes.slice(0, i).map(({ setting }) => setting),
    );
    if (other !== undefined)
      faults.push({
        at: axis.at,
        what: `the sweep sets ${axis.setting} twice`,
        received: `${other} and ${axis.setting}`,
        allowed: 'settings that do not contain each other',
        fix: 'remove one of the two',
      });
  }
  return faults;
}

export function countPoints(dimensions: Dimensions): number {
  return dimensions.reduce((product, axes) => product * (axes[0]?.values.length ?? 1), 1);
}

/** All points of a sweep, the last dimension advancing fastest. */
export function* sweepPoints(dimensions: Dimensions): Generator<readonly Assignment[]> {
  const [axes, ...rest] = dimensions;
  if (axes === undefined) {
    yield [];
    return;
  }
  const length = axes[0]?.values.length ?? 0;
  for (let i = 0; i < length; i++) {
    const here = axes.map(({ setting, values, at }) => ({
      setting,
      path: setting.split('.'),
      value: values[i],
      at: [...at, i],
    }));
    for (const further of sweepPoints(rest)) yield [...here, ...further];
  }
}

const kebab = (text: string): string =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-');

/** A value as part of an id; a value without a short form is named by its `index`. */
function slugOf(value: unknown, index: number): string {
  if (value === null) return 'none';
  if (Array.isArray(value) && value.every((member) => !isObject(member) && !Array.isArray(member)))
    return value.map((member) => slugOf(member, index)).join('-');
  if (typeof value === 'object') {
    const kind = (value as { type?: unknown }).type;
    return `${typeof kind === 'string' ? `${kebab(kind)}-` : ''}${index + 1}`;
  }
  return kebab((typeof value === 'string' ? value : canonicalJson(value)).replace('+', ''));
}

/** The shortest endings of the paths that distinguish the settings: `dropout2d`, `blocks.1`. */
function shortNames(settings: readonly string[]): string[] {
  return settings.map((setting) => {
    const parts = setting.split('.');
    for (let take = 1; take < parts.length; take++) {
      const name = parts.slice(-take).join('.');
      if (!/^\d/.test(name) && settings.filter((other) => other === name || other.endsWith(`.${name}`)).length === 1)
        return name;
    }
    return setting;
  });
}

export interface PointName {
  /** `-0.1` if one setting is swept, `-dropout2d-0.1-l2-0.001` if several are. */
  readonly idSuffix: string;
  /** ` (dropout2d 0.1)` */
  readonly titleSuffix: string;
  readonly sweepValues: Readonly<Record<string, Shown>>;
}

type Shown = string | number | boolean | null;

/** Lists and maps as their JSON text. */
export const shown = (value: unknown): Shown =>
  typeof value === 'object' && value !== null ? canonicalJson(value) : (value as Shown);

export function namePoint(point: readonly Assignment[]): PointName {
  if (point.length === 0) return { idSuffix: '', titleSuffix: '', sweepValues: {} };
  const names = shortNames(point.map(({ setting }) => setting));
  const slugs = point.map(({ value, at }) => slugOf(value, at.at(-1) as number));
  return {
    idSuffix: slugs.map((slug, i) => (point.length === 1 ? `-${slug}` : `-${kebab(names[i]!)}-${slug}`)).join(''),
    titleSuffix: ` (${point.map(({ value }, i) => `${names[i]} ${shown(value) ?? 'none'}`).join(', ')})`,
    sweepValues: Object.fromEntries(point.map(({ setting, value }) => [setting, shown(value)])),
  };
}
