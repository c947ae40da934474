import { keys } from '../keys.ts';
import type { Store } from '../types/store.ts';
import { type ComparisonRecord, storedComparisonSchema } from './comparison-records.ts';
import { readJson } from './json-records.ts';

/**
 * Reads a comparison, or returns undefined if there is none. Format version 1 is converted to version 2.
 * @throws UserError if it is damaged or has another format version.
 */
export async function readComparison(store: Store, comparisonId: string): Promise<ComparisonRecord | undefined> {
  const record = await readJson(store, keys.comparison(comparisonId), storedComparisonSchema);
  if (record === undefined) return undefined;
  const { formatVersion, ...rest } = record;
  if (formatVersion === 2) return { ...rest, formatVersion };
  return {
    ...rest,
    formatVersion: 2,
    sections: record.sections.map((section) => ({
      ...section,
      checkpoints: section.checkpoints.map(withoutText),
      recipePairs: section.recipePairs.map(withoutText),
    })),
  };
}

function withoutText<Pair extends object>(pair: Pair & { readonly text?: string }): Omit<typeof pair, 'text'> {
  const { text: _text, ...rest } = pair;
  return rest;
}
