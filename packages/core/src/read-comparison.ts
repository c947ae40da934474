import { keys } from './keys.ts';
import { readJson, type VersionedRecord } from './records.ts';
import type {
  CheckpointComparison,
  ComparisonRecord,
  RecipeComparison,
  SectionComparison,
} from './types/comparison.ts';
import type { Store } from './types/store.ts';

type Told<Pair> = Pair & { readonly text: string };

/** Version 1 also held each verdict in words. */
interface ComparisonRecordV1 extends VersionedRecord, Omit<ComparisonRecord, 'formatVersion' | 'sections'> {
  readonly formatVersion: 1;
  readonly sections: readonly (Omit<SectionComparison, 'checkpoints' | 'recipePairs'> & {
    readonly checkpoints: readonly Told<CheckpointComparison>[];
    readonly recipePairs: readonly Told<RecipeComparison>[];
  })[];
}

/**
 * Reads a comparison, or returns undefined if there is none. Format version 1 is converted to version 2.
 * @throws UserError if it is damaged or has another format version.
 */
export async function readComparison(store: Store, comparisonId: string): Promise<ComparisonRecord | undefined> {
  const record = await readJson<ComparisonRecord | ComparisonRecordV1>(store, keys.comparison(comparisonId), [1, 2]);
  return record?.formatVersion === 1 ? withoutText(record) : record;
}

function withoutText(record: ComparisonRecordV1): ComparisonRecord {
  return {
    ...record,
    formatVersion: 2,
    sections: record.sections.map((section) => ({
      ...section,
      checkpoints: section.checkpoints.map(({ text: _text, ...pair }) => pair),
      recipePairs: section.recipePairs.map(({ text: _text, ...pair }) => pair),
    })),
  };
}
