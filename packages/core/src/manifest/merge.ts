/** A JSON object as parsed. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Datasets have `source` where everything else has `type`. */
const KIND_KEYS = ['type', 'source'] as const;

function differsInKind(below: JsonObject, above: JsonObject): boolean {
  return KIND_KEYS.some((key) => above[key] !== undefined && below[key] !== undefined && above[key] !== below[key]);
}

/**
 * Lays one value over another. Objects merge member by member, unless the upper one names another `type` (or `source`).
 * It then replaces the lower one, because the settings of one kind mean nothing to another. Arrays, null and scalars
 * replace.
 */
export function merge(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isObject(below) || !isObject(above) || differsInKind(below, above)) return above;
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) merged[key] = merge(below[key], value);
  return merged;
}

/** The value at a path, or undefined if the path does not exist. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return at;
}

/**
 * A copy with `value` merged in at `path`. Objects missing on the way are created. Undefined if the path leads through
 * something that is neither an object nor an existing element of an array.
 */
export function mergeAt(root: unknown, path: readonly string[], value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return merge(root, value);
  if (Array.isArray(root)) {
    const index = Number(part);
    if (!/^\d+$/.test(part) || index >= root.length) return undefined;
    const member = mergeAt(root[index], rest, value);
    return member === undefined ? undefined : root.with(index, member);
  }
  if (root !== undefined && root !== null && !isObject(root)) return undefined;
  const below = isObject(root) ? root : {};
  const member = mergeAt(below[part], rest, value);
  return member === undefined ? undefined : { ...below, [part]: member };
}
