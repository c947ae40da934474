import type { Vocabulary } from '@bakeoff/core';
import { sources } from '@bakeoff/data-prep/sources';
import { modelSchemas } from '@bakeoff/model/architectures';
import { chartVocabulary } from '@bakeoff/report/charts';

/** What a manifest may name, from the packages that implement it. */
export const vocabulary: Vocabulary = { models: modelSchemas, sources, charts: chartVocabulary };
