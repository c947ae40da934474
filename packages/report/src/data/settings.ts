import type { Json, Recipe } from '@bakeoff/core';

export type Setting = string | number | boolean | null;

function walk(value: Json | undefined, path: string, into: Record<string, Setting>): void {
  if (value === undefined) return;
  if (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null))
    value.forEach((item: Json, i) => walk(item, `${path}.${i}`, into));
  else if (Array.isArray(value)) into[path] = `[${value.join(', ')}]`;
  else if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value)) walk(member, path === '' ? key : `${path}.${key}`, into);
  else into[path] = value;
}

/** A recipe as dotted paths and scalar values (arrays of scalars become `[3, 3, 3]`), in the recipe's order. */
export function flattenRecipe(recipe: Recipe): Record<string, Setting> {
  const settings: Record<string, Setting> = {};
  walk(recipe, '', settings);
  return settings;
}

/** Paths whose values are not the same in all given settings, in order of first appearance. */
export function varyingSettings(all: readonly Readonly<Record<string, Setting>>[]): string[] {
  const paths = [...new Set(all.flatMap((settings) => Object.keys(settings)))];
  return paths.filter(
    (path) => new Set(all.map((settings) => (path in settings ? JSON.stringify(settings[path]) : 'absent'))).size > 1,
  );
}
