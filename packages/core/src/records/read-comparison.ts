import { keys } from '../keys.ts';
import type { Store } from '../types/store.ts';
import { type ComparisonRecord, storedComparisonSchema } from './comparison-records.ts';
import { readJson } from './json-records.ts';

/**
 * Reads a comparison, or returns undefined if there is none. Format versions 1 and 2 are converted to version 3: they
 * have no standings, and their intervals of recipes are over seeds alone.
 * @throws UserError if it is damaged or has another format version.
 */
export async function readComparison(store: Store, comparisonId: string): Promise<ComparisonRecord | undefined> {
  const record = await readJson(store, keys.comparison(comparisonId), storedComparisonSchema);
  if (record === undefined) return undefined;
  return {
    ...record,
    formatVersion: 3,
    datasets: record.datasets ?? [],
    sections: record.sections.map((section) => ({
      ...section,
      recipes: section.recipes.map((recipe) => ({ ...recipe, basis: recipe.basis ?? null })),
      checkpoints: section.checkpoints.map(withoutText),
      recipePairs: section.recipePairs.map(withoutText),
    })),
  };
}

function withoutText<Pair extends object>(pair: Pair & { readonly text?: string }): Omit<typeof pair, 'text'> {
  const { text: _text, ...rest } = pair;
  return rest;
}
