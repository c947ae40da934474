import * as z from 'zod';
import type { DatasetConfig } from '../types/dataset.ts';
import type { Vocabulary } from './vocabulary.ts';

const images = z.int().min(1).max(10_000_000);

const splitSettings = (validation: number | undefined) => {
  const held = images.describe('Images held back from training, by which epochs are chosen');
  return {
    validation: validation === undefined ? held : held.default(validation),
    train: images
      .nullable()
      .default(null)
      .describe('Training images used: a stratified subset of what the split leaves; null: all of them'),
    stratified: z.boolean().default(true).describe('Keep the proportions of the classes in every split'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(1)
      .describe('Seed of the split; it depends on the source and this alone'),
  };
};

const cifar10 = z.strictObject({
  source: z.literal('cifar10').describe('The CIFAR-10 archive: 50,000 training and 10,000 test images of 32×32'),
  ...splitSettings(5000),
});

const synthetic = z.strictObject({
  source: z.literal('synthetic').describe('Generated 32×32 images of 10 classes; no download'),
  images: images.default(6000).describe('Images generated for training and validation together'),
  testImages: images.default(2000).describe('Images generated for the held-out test split'),
  sourceSeed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('Seed of the generator'),
  ...splitSettings(1000),
});

const imageFolder = z
  .strictObject({
    source: z.literal('image-folder').describe('Folders of PNG or JPEG images, one folder a class'),
    path: z
      .string()
      .min(1)
      .describe('The folder that holds the folders of the classes, relative to the working directory'),
    testPath: z.string().min(1).optional().describe('A folder of the same layout with the test images'),
    testImages: images.optional().describe('Without testPath: images of `path` held out, stratified, as test split'),
    ...splitSettings(undefined),
  })
  .superRefine((config, context) => {
    if ((config.testPath === undefined) === (config.testImages === undefined)) {
      context.addIssue({
        code: 'custom',
        path: [config.testPath === undefined ? 'path' : 'testImages'],
        message: 'an image folder takes its test split from one place: give either testPath or testImages',
      });
    }
  });

/** The sources there are by `source`. */
export const sourceSchemas = { cifar10, synthetic, 'image-folder': imageFolder } as const;

/** What a dataset is made from and how it is split; parsing fills in every default. */
export function datasetSchema(sources: Vocabulary['sources']): z.ZodType<DatasetConfig> {
  const options = Object.values(sources) as unknown as [z.ZodType<DatasetConfig> & z.core.$ZodTypeDiscriminable];
  return z.discriminatedUnion('source', options);
}
