import { canonicalJson, type Json, type Recipe } from '@bakeoff/core';
import type { Setting } from './settings.ts';

function walk(value: Json | undefined, path: string, into: Record<string, Setting>): void {
  if (value === undefined) return;
  if (Array.isArray(value)) into[path] = canonicalJson(value);
  else if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value)) walk(member, path === '' ? key : `${path}.${key}`, into);
  else into[path] = value;
}

/**
 * A recipe as dotted paths, in the recipe's order. The augmentation is one setting, because its transforms are read as
 * a whole; its number of views is left out if there is one per epoch.
 */
export function flattenRecipe({ augmentation, ...recipe }: Recipe): Record<string, Setting> {
  const settings: Record<string, Setting> = {};
  walk(recipe, '', settings);
  const { views, ...rest } = augmentation ?? {};
  const told = views === recipe.maxEpochs ? rest : { ...rest, views };
  return { ...settings, augmentation: augmentation === null ? null : canonicalJson(told) };
}
