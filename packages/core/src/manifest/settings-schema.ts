import * as z from 'zod';
import type { AugmentationConfig } from './augmentation-schema.ts';
import { evaluationSchema } from './evaluation-schema.ts';
import { withNeutral, withoutNeutral } from '../schema/neutral-settings.ts';
import { type DatasetSettings, datasetConfigSchema, datasetSchema } from './dataset-schema.ts';
import { trainingShape, type ModelConfig, type Recipe, type TrainingSettings } from './recipe-schema.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Merged below a manifest's own defaults: what a partial setting needs to be complete. */
export const BUILT_IN_DEFAULTS = { optimizer: { type: 'adam' }, schedule: { type: 'constant' } } as const;

const MAXIMUM_SEED = 2 ** 32 - 1;
const MOST_SEEDS = 10_000;

/** A list of seeds, or how many: 3 is [1, 2, 3]. */
const seedsSchema = z
  .union([
    z.int().min(1).max(MOST_SEEDS),
    z
      .array(z.int().min(0).max(MAXIMUM_SEED))
      .min(1)
      .max(MOST_SEEDS)
      .refine((seeds) => new Set(seeds).size === seeds.length, { message: 'a seed appears twice in the list' }),
  ])
  .transform((seeds) => (typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds));

function modelSchema(models: Vocabulary['models']): z.ZodType<ModelConfig> {
  const options = Object.values(models) as unknown as [z.ZodType<ModelConfig> & z.core.$ZodTypeDiscriminable];
  return z.discriminatedUnion('type', options);
}

function settingsShape({ models, sources }: Pick<Vocabulary, 'models' | 'sources'>) {
  return {
    dataset: datasetSchema(sources)
      .describe("The manifest's dataset with this experiment's changes")
      .meta({ examples: [{ train: 5000 }] }),
    model: modelSchema(models)
      .describe('The architecture and its settings')
      .meta({ examples: ['resnet20'] }),
    ...trainingShape,
    evaluation: evaluationSchema
      .prefault({})
      .describe('Test-time augmentation. Experiments that differ in nothing else share their trainings')
      .meta({ examples: [{ flip: true }] }),
    seeds: seedsSchema
      .prefault([1])
      .meta({ example: 3 })
      .describe(
        'How many runs with seeds 1, 2, …, or a list of seeds; initial weights, shuffling and dropout depend on it',
      ),
  };
}

/** Names of the settings that `defaults` and experiments share. */
export const SETTING_NAMES = Object.keys(settingsShape({ models: {}, sources: {} })) as readonly (keyof ReturnType<
  typeof settingsShape
>)[];

/** Marks issues of rules that span several settings: they mean something only if each of the settings is right. */
export const SPANS_SETTINGS = { spansSettings: true } as const;

/** Rules that span several settings. */
function checkTogether(
  settings: TrainingSettings,
  context: { addIssue(issue: { code: 'custom'; path: string[]; message: string; params: object }): void },
): void {
  const { batchSize, replicas, maxEpochs, schedule, augmentation } = settings;
  const refuse = (path: string[], message: string): void =>
    context.addIssue({ code: 'custom', path, message, params: SPANS_SETTINGS });
  if (batchSize % replicas !== 0)
    refuse(
      ['replicas'],
      `${replicas} replicas cannot share a batch of ${batchSize} evenly: choose a divisor of batchSize`,
    );
  else if (replicas > 1 && batchSize / replicas < 2)
    refuse(
      ['replicas'],
      `${replicas} replicas leave each a single image of a batch of ${batchSize}, for which batch norm has no variance: choose at most batchSize / 2`,
    );
  if ('warmupEpochs' in schedule && schedule.warmupEpochs > maxEpochs)
    refuse(
      ['schedule', 'warmupEpochs'],
      `warmupEpochs ${schedule.warmupEpochs} does not fit into maxEpochs ${maxEpochs}`,
    );
  const last = schedule.type === 'linear' ? schedule.knots.at(-1)! : null;
  if (last !== null && last.epoch > maxEpochs)
    refuse(
      ['schedule', 'knots'],
      `the last knot, at epoch ${last.epoch}, is after the end of the run: choose epochs up to maxEpochs ${maxEpochs}`,
    );
  if (settings.mixup !== null && batchSize === 1)
    refuse(['mixup'], 'mixup has no second image to mix with in a batch of 1: choose a larger batchSize, or null');
  if (settings.classWeights === 'balanced' && settings.sampling === 'balanced')
    refuse(
      ['classWeights'],
      'balanced classWeights and balanced sampling correct the same imbalance twice: choose one of them',
    );
  const views = augmentation?.views ?? 1;
  if (views > maxEpochs)
    refuse(
      ['augmentation', 'views'],
      `${views} views cannot all be seen in maxEpochs ${maxEpochs}: leave views out, or give at most maxEpochs`,
    );
}

/** One experiment's settings, merged, with every default filled in. */
export function settingsSchema(vocabulary: Vocabulary) {
  return z.strictObject(settingsShape(vocabulary)).superRefine(checkTogether);
}

export type Settings = z.output<ReturnType<typeof settingsSchema>>;

/**
 * A config of a source or an architecture without its settings that were added later, if they are neutral. Only the
 * source or the architecture knows their schema, and fills them in when it reads the config.
 */
function asBefore<Config>(schema: z.ZodType | undefined, config: Config): Config {
  return schema === undefined ? config : withoutNeutral(schema, config);
}

/** The source of the images and how they are split. */
export function datasetOf({ dataset }: Settings, { sources }: Vocabulary): DatasetSettings {
  return withNeutral(datasetConfigSchema, asBefore(sources[dataset.source]?.schema, dataset));
}

/** The settings that are neither the dataset nor the evaluation nor the seeds. */
export function recipeOf(
  { dataset: _dataset, evaluation: _evaluation, seeds: _seeds, ...settings }: Settings,
  { models }: Vocabulary,
): Recipe {
  const augmentation: AugmentationConfig | null =
    settings.augmentation === null
      ? null
      : { ...settings.augmentation, views: settings.augmentation.views ?? settings.maxEpochs };
  return {
    ...settings,
    model: asBefore(models[settings.model.type], settings.model),
    augmentation,
    selection: settings.selection ?? settings.earlyStopping?.monitor ?? 'validationLoss',
  };
}
