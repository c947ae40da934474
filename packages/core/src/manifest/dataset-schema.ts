import * as z from 'zod';
import type { Json } from '../types/json.ts';
import type { Immutable } from '../types/immutable.ts';
import { addedLater } from '../schema/neutral-settings.ts';
import { jsonSetting } from './json-setting.ts';
import type { Vocabulary } from './vocabulary.ts';

const images = z.int().min(1).max(10_000_000);

const splitShape = {
  validation: images
    .describe('Images held back from training, used to choose epochs')
    .meta({ unit: 'images', examples: [1000] }),
  train: images
    .nullable()
    .default(null)
    .describe('Number of training images used: a stratified subset of what the split leaves; null: all of them')
    .meta({ unit: 'images', examples: [5000] }),
  stratified: z.boolean().default(true).describe('Keep the proportions of the classes in every split'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('Seed of the split, which depends only on the source and this seed'),
  onDuplicates: addedLater(z.enum(['warn', 'drop', 'refuse']), 'warn').describe(
    'What happens to images that stand in more than one split, or under more than one label: warn: they are counted; drop: they are left out of training and validation (test images always stay); refuse: the dataset is not prepared',
  ),
};

/**
 * The settings that every source has, to be spread into its schema: how its images are split.
 * @param validationByDefault Images; undefined: the source's fingerprint says how many (`validationByDefault`).
 */
export function splitSettings(validationByDefault: number | undefined) {
  const { validation } = splitShape;
  return {
    ...splitShape,
    validation:
      validationByDefault === undefined
        ? validation
            .optional()
            .describe('Images held back from training, used to choose epochs; a tenth of all by default')
            .meta({ unit: 'images', examples: [500] })
        : validation.default(validationByDefault),
  };
}

const splitSchema = z.object(splitShape);

export type SplitSettings = Immutable<z.output<typeof splitSchema>>;

export const datasetConfigSchema = splitSchema.extend({ source: z.string() }).catchall(jsonSetting);

/**
 * A manifest's dataset settings with every default filled in: the source, its own settings, and those of the split.
 * Each source defines the schema of its own settings.
 */
export type DatasetConfig = Immutable<z.output<typeof datasetConfigSchema>>;

const datasetSettingsSchema = datasetConfigSchema.extend({ validation: images.optional() });

/** A dataset as a manifest names it: a source may leave the number of validation images to its fingerprint. */
export type DatasetSettings = Immutable<z.output<typeof datasetSettingsSchema>>;

/** A dataset's settings without those of its split: the source and its own. */
export function sourceSettings(config: DatasetSettings): { readonly [setting: string]: Json | undefined } {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !Object.hasOwn(splitShape, name)));
}

/** What a dataset is made from and how it is split; parsing fills in every default. */
export function datasetSchema(sources: Vocabulary['sources']): z.ZodType<DatasetSettings> {
  const options = Object.values(sources).map(({ schema }) => schema) as unknown as [
    z.ZodType<DatasetSettings> & z.core.$ZodTypeDiscriminable,
  ];
  return z.discriminatedUnion('source', options);
}
