import { Random } from '../random.ts';
import { owenScramble, SOBOL_DIMENSIONS, sobolCoordinate } from '../search/sobol.ts';
import { didYouMean } from './problem.ts';
import { isObject } from './merge.ts';
import { type SearchRange, rangeSchema, type SearchSettings } from './search-schema.ts';
import { type Assignment, containing, type SweepFault } from './sweep.ts';

const KINDS = ['uniform', 'logUniform', 'choice'] as const;

/** One searched setting. */
export interface SearchDimension {
  /** As written: `optimizer.l2`. */
  readonly setting: string;
  readonly kind: (typeof KINDS)[number];
  /** Lowest and highest value, or the choices. */
  readonly values: readonly unknown[];
}

/** A search as written; its dimensions are in the order of the settings' names. */
export interface Search {
  readonly trials: number;
  readonly seed: number;
  readonly dimensions: readonly SearchDimension[];
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 100) ?? 'nothing';

const at = (setting: string, ...further: readonly (string | number)[]): readonly (string | number)[] => [
  'search',
  setting,
  ...further,
];

function notARange(setting: string, written: unknown): SweepFault {
  const [inner] = isObject(written) ? Object.keys(written) : [];
  const isNested = isObject(written) && inner !== undefined && isObject(written[inner]);
  return {
    at: at(setting),
    what: `the search of ${setting} needs a range`,
    received: shown(written),
    allowed: 'one of uniform: [low, high], logUniform: [low, high], choice: [first, second, …]',
    fix: isNested
      ? `write the path with dots: "${setting}.${inner}"`
      : didYouMean(inner ?? '', KINDS, `write ${setting}: { uniform: [low, high] }`),
  };
}

/** What is wrong with the ends of a range of numbers. */
function endsFault({ setting, kind, values }: SearchDimension): SweepFault[] {
  const [low, high] = values as readonly [number, number];
  if (low >= high)
    return [
      {
        at: at(setting, kind),
        what: `the search's range of ${setting} does not go from low to high`,
        received: shown(values),
        allowed: 'two different numbers, the lower one first',
        fix: low > high ? `write ${kind}: [${high}, ${low}]` : `write ${setting} among the experiment's settings`,
      },
    ];
  if (kind === 'logUniform' && low <= 0)
    return [
      {
        at: at(setting, kind, 0),
        what: `the search's range of ${setting} is logarithmic, and begins at ${low}`,
        received: shown(values),
        allowed: 'numbers above 0',
        fix: 'begin above 0, or write uniform instead of logUniform',
      },
    ];
  return [];
}

function dimensionOf(setting: string, range: SearchRange): SearchDimension {
  const kind = KINDS.find((name) => name in range)!;
  return { setting, kind, values: (range as Readonly<Record<string, readonly unknown[]>>)[kind]! };
}

/** A search as written, or what is wrong with it. `swept`: the settings that the experiment sweeps. */
export function readSearch(
  { trials, seed, ...written }: SearchSettings,
  swept: readonly string[],
): { readonly search: Search; readonly faults: readonly SweepFault[] } {
  const faults: SweepFault[] = [];
  const dimensions: SearchDimension[] = [];
  for (const setting of Object.keys(written).sort()) {
    const range = rangeSchema.safeParse(written[setting]);
    if (!range.success) {
      faults.push(notARange(setting, written[setting]));
      continue;
    }
    const dimension = dimensionOf(setting, range.data);
    if (dimension.kind !== 'choice') faults.push(...endsFault(dimension));
    const other = containing(
      setting,
      dimensions.map((earlier) => earlier.setting),
    );
    if (other !== undefined) faults.push(overlap(setting, other, `the search sets ${setting} twice`));
    const alsoSwept = containing(setting, swept);
    if (alsoSwept !== undefined) faults.push(overlap(setting, alsoSwept, `${setting} is both swept and searched`));
    dimensions.push(dimension);
  }
  faults.push(...countFaults(Object.keys(written)));
  return { search: { trials, seed, dimensions }, faults };
}

function overlap(setting: string, other: string, what: string): SweepFault {
  return {
    at: at(setting),
    what,
    received: `${other} and ${setting}`,
    allowed: 'settings that do not contain each other',
    fix: 'remove one of the two',
  };
}

function countFaults(settings: readonly string[]): SweepFault[] {
  if (settings.length > 0 && settings.length <= SOBOL_DIMENSIONS) return [];
  return [
    {
      at: ['search'],
      what: settings.length === 0 ? 'the search names no setting' : 'the search has too many settings',
      received: String(settings.length),
      allowed: `1 to ${SOBOL_DIMENSIONS} settings`,
      fix: settings.length === 0 ? 'name a setting and its range, or remove the search' : 'search fewer settings',
    },
  ];
}

const assigned = ({ setting, kind, values }: SearchDimension, i: number): Assignment => ({
  setting,
  path: setting.split('.'),
  value: values[i],
  at: at(setting, kind, i),
});

/** The ends of every range and all choices, each with the other settings at their first: what must be allowed. */
export function* searchProbes({ dimensions }: Search): Generator<readonly Assignment[]> {
  const first = dimensions.map((dimension) => assigned(dimension, 0));
  yield first;
  for (const [d, dimension] of dimensions.entries())
    for (let i = 1; i < dimension.values.length; i++) yield first.with(d, assigned(dimension, i));
}

/** Decimal digits of sampled numbers that are kept: enough for any setting, and short in ids and tables. */
const DIGITS = 4;

const within = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** @param share Of the range, 0 ≤ share < 1. */
function valueAt({ kind, values }: SearchDimension, isWhole: boolean, share: number): unknown {
  if (kind === 'choice') return values[Math.floor(share * values.length)];
  const [low, high] = values as readonly [number, number];
  // Whole numbers are as likely as each other, or as the part of the logarithmic axis that rounds to them.
  const half = isWhole ? 0.5 : 0;
  const [from, to] = [low - half, high + half];
  const value = kind === 'uniform' ? from + share * (to - from) : from * (to / from) ** share;
  return within(isWhole ? Math.round(value) : Number(value.toPrecision(DIGITS)), low, high);
}

/**
 * The values of one trial: a point of the Sobol sequence, scrambled by the seed. It depends on the seed, on the searched
 * settings and their ranges, and on the trial's number alone, so that more trials leave the earlier ones as they are.
 * @param trial From 1.
 * @param whole The settings that take whole numbers.
 */
export function trialPoint(
  { seed, dimensions }: Search,
  trial: number,
  whole: ReadonlySet<string>,
): readonly Assignment[] {
  return dimensions.map((dimension, d) => {
    const { setting, kind } = dimension;
    const scrambling = new Random(seed).split('search', d).uint32();
    const share = owenScramble(sobolCoordinate(trial - 1, d), scrambling) / 2 ** 32;
    return {
      setting,
      path: setting.split('.'),
      value: valueAt(dimension, whole.has(setting), share),
      at: at(setting, kind),
    };
  });
}
