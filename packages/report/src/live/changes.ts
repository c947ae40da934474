/** A value at a path into JSON; without a value, the member is gone. */
export type Change = readonly [path: readonly (string | number)[], value?: unknown];

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What turns one JSON value into another. Lists of equal length are compared by item, others are replaced. Values that
 * JSON writes as null, such as NaN, are equal.
 */
export function changesBetween(before: unknown, after: unknown, path: readonly (string | number)[] = []): Change[] {
  if (Object.is(before, after)) return [];
  if (isMembers(before) && isMembers(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key): Change[] =>
      after[key] === undefined && before[key] !== undefined
        ? [[[...path, key]]]
        : changesBetween(before[key], after[key], [...path, key]),
    );
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return after.flatMap((item, i) => changesBetween(before[i], item, [...path, i]));
  return [[path, after]];
}

/** Applies changes. What does not change stays the same object; what was given is not modified. */
export function applyChanges<T>(value: T, changes: readonly Change[]): T {
  return changes.reduce<unknown>((result, [path, ...values]) => changed(result, path, values), value) as T;
}

function changed(value: unknown, path: readonly (string | number)[], values: readonly unknown[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return values[0];
  if (Array.isArray(value)) return value.map((item, i) => (i === key ? changed(item, rest, values) : item));
  const { [key]: old, ...others } = (value ?? {}) as Record<string | number, unknown>;
  if (rest.length === 0 && values.length === 0) return others;
  return { ...others, [key]: changed(old, rest, values) };
}
