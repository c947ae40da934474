import * as z from 'zod';
import { sourceSchemas } from '../manifest/dataset-schema.ts';
import type { ChartVocabulary, Vocabulary } from '../manifest/vocabulary.ts';

const models = {
  cifarnet: z.strictObject({ type: z.literal('cifarnet'), dropout: z.number().min(0).max(0.95).default(0.3) }),
  resnet: z
    .strictObject({
      type: z.literal('resnet'),
      blocks: z.array(z.int().min(1)).min(1),
      channels: z.array(z.int().min(1)).min(1),
      dropout2d: z.number().min(0).lt(1).default(0).describe('Rate of dropping whole channels'),
    })
    .superRefine((config, context) => {
      if (config.blocks.length !== config.channels.length)
        context.addIssue({
          code: 'custom',
          path: ['channels'],
          message: `${config.blocks.length} blocks and ${config.channels.length} channels`,
        });
    }),
};

/** Some of the real ones' names. */
const charts: ChartVocabulary = {
  names: ['validationAccuracy', 'validationLoss', 'sweep', 'accuracyVsMacs', 'verdicts'],
  defaults: (swept) => [
    'validationAccuracy',
    'validationLoss',
    ...(swept ? ['sweep'] : []),
    'accuracyVsMacs',
    'verdicts',
  ],
};

/** Made-up architectures: what the manifest's tests need of the real ones' settings. */
export const exampleVocabulary: Vocabulary = { models, sources: sourceSchemas, charts };
