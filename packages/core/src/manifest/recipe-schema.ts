import * as z from 'zod';
import type { Immutable } from '../types/immutable.ts';
import { augmentationSchema, partialAugmentationSchema } from './augmentation-schema.ts';
import { jsonSetting } from './json-setting.ts';
import {
  earlyStoppingSchema,
  monitorSchema,
  normalizationSchema,
  optimizerSchema,
  scheduleSchema,
} from './training-schema.ts';

/** How a model is trained, as a user writes it: each setting of a manifest that becomes part of the recipe. */
export const trainingShape = {
  optimizer: optimizerSchema.describe('How gradients become steps'),
  schedule: scheduleSchema.describe('The learning rate over time'),
  batchSize: z.int().min(1).max(65_536).default(32).describe('Images per step'),
  maxEpochs: z.int().min(1).max(10_000).describe('Passes over the training images, unless early stopping ends the run'),
  earlyStopping: earlyStoppingSchema
    .nullable()
    .default(null)
    .describe('Ends a run that no longer improves; null: never'),
  selection: monitorSchema
    .optional()
    .describe(
      'The metric that chooses the best epoch. Default: the one that early stopping monitors, otherwise validationLoss',
    ),
  normalization: normalizationSchema
    .prefault({})
    .describe('How pixels become numbers: (pixel / 255 − mean) / standardDeviation'),
  augmentation: partialAugmentationSchema
    .nullable()
    .default(null)
    .describe('Augmented copies of the training images; null: none'),
  replicas: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe(
      'Cores that train one run. Each takes batchSize / replicas images of a batch; gradients are averaged, ' +
        'and batch norm sees one part at a time. Engines wasm and cpu only',
    ),
};

export type TrainingSettings = z.output<z.ZodObject<typeof trainingShape>>;

const modelConfigSchema = z.object({ type: z.string() }).catchall(jsonSetting);

/**
 * An architecture with its settings and every default filled in; `type` names it. Each architecture defines its schema.
 */
export type ModelConfig = Immutable<z.output<typeof modelConfigSchema>>;

/** Everything that determines a training except its dataset and seed, with defaults filled in. */
export const recipeSchema = z.strictObject({
  model: modelConfigSchema,
  ...trainingShape,
  selection: monitorSchema,
  augmentation: augmentationSchema.nullable(),
});

export type Recipe = Immutable<z.output<typeof recipeSchema>>;
