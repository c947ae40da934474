import type { Vocabulary } from '@bakeoff/core';
import { sources } from '@bakeoff/data-prep/sources';
import { modelNotation, modelSchemas } from '@bakeoff/model/architectures';
import { chartVocabulary } from '@bakeoff/report/charts';

/** What a manifest may name, from the packages that implement it. */
export const vocabulary: Vocabulary = {
  models: modelSchemas,
  notation: modelNotation,
  sources,
  charts: chartVocabulary,
};
