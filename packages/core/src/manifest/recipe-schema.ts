import * as z from 'zod';
import { addedLater } from '../schema/neutral-settings.ts';
import type { Immutable } from '../types/immutable.ts';
import { augmentationSchema, partialAugmentationSchema } from './augmentation-schema.ts';
import { emaSchema } from './averaging-schema.ts';
import { jsonSetting } from './json-setting.ts';
import { classWeightsSchema, labelSmoothingSchema, mixupSchema } from './loss-schema.ts';
import {
  earlyStoppingSchema,
  monitorSchema,
  normalizationChoiceSchema,
  optimizerSchema,
  scheduleSchema,
} from './training-schema.ts';

/** How a model is trained, as a user writes it: each setting of a manifest that becomes part of the recipe. */
export const trainingShape = {
  optimizer: optimizerSchema.describe('How gradients become steps'),
  schedule: scheduleSchema.describe('The learning rate over time'),
  batchSize: z
    .int()
    .min(1)
    .max(65_536)
    .default(32)
    .describe('Images per step')
    .meta({ unit: 'images', examples: [128] }),
  maxEpochs: z
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .describe('Passes over the training images, unless early stopping ends the run')
    .meta({ unit: 'epochs' }),
  earlyStopping: earlyStoppingSchema
    .nullable()
    .default(null)
    .describe('Ends a run that no longer improves; null: never')
    .meta({ examples: [{ patience: 3 }] }),
  selection: monitorSchema
    .optional()
    .describe(
      'The metric that chooses the best epoch. Default: the one that early stopping monitors, otherwise validationLoss',
    )
    .meta({ examples: ['validationAccuracy'] }),
  normalization: normalizationChoiceSchema
    .prefault({})
    .describe(
      'How pixels become numbers: (pixel / 255 − mean) / standardDeviation. dataset: mean and deviation of the training images',
    )
    .meta({ example: 'dataset' }),
  augmentation: partialAugmentationSchema
    .nullable()
    .default(null)
    .describe('Augmented copies of the training images; null: none')
    .meta({ examples: [{ transforms: [{ type: 'horizontalFlip' }, { type: 'randomCrop' }] }] }),
  replicas: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe(
      'Cores that train one run. Each takes batchSize / replicas images of a batch; gradients are averaged, ' +
        'and batch norm sees one part at a time. Engines wasm and cpu only',
    )
    .meta({ unit: 'cores', examples: [2] }),
  labelSmoothing: labelSmoothingSchema,
  classWeights: classWeightsSchema,
  sampling: addedLater(z.enum(['shuffled', 'balanced']), 'shuffled').describe(
    'Which images an epoch shows. shuffled: each once; balanced: as many images, every class equally often',
  ),
  mixup: addedLater(mixupSchema, null)
    .describe('Trains on mixtures of two images of a batch and of their labels (Zhang et al. 2018); null: not')
    .meta({ examples: [{ alpha: 0.2 }] }),
  maxGradientNorm: addedLater(z.number().gt(0).max(1e6).nullable(), null)
    .describe(
      'Longer gradients, over all parameters together, are scaled down to this norm, as by ' +
        'torch.nn.utils.clip_grad_norm_; null: never',
    )
    .meta({ examples: [1] }),
  ema: addedLater(emaSchema, null)
    .describe(
      'Exponential moving average of weights and running statistics, updated at every step. The averages are what is ' +
        'validated, kept and evaluated; training goes on with the weights themselves. null: none',
    )
    .meta({ examples: [{ decay: 0.999 }] }),
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
