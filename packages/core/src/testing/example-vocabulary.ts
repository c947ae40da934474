import * as z from 'zod';
import { splitSettings } from '../manifest/dataset-schema.ts';
import type { ChartVocabulary, SourceFacts, Vocabulary } from '../manifest/vocabulary.ts';

const images = z.int().min(1).max(10_000_000);

const cifar10 = z.strictObject({
  source: z.literal('cifar10').describe('The CIFAR-10 archive: 50,000 training and 10,000 test images of 32×32'),
  ...splitSettings(5000),
});

const synthetic = z.strictObject({
  source: z.literal('synthetic').describe('Generated 32×32 images of 10 classes; no download'),
  images: images.default(6000).describe('Number of images generated for training and validation together'),
  testImages: images.default(2000).describe('Number of images generated for the held-out test split'),
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
    source: z.literal('image-folder').describe('Folders of PNG or JPEG images, one folder per class'),
    path: z.string().min(1).describe('The folder that contains the class folders, relative to the working directory'),
    testPath: z.string().min(1).optional().describe('A folder with the same layout for the test images'),
    testImages: images
      .optional()
      .describe('Without testPath: number of images of `path` held out, stratified, as the test split'),
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

const facts = {
  paths: [],
  testSettings: [],
  hasArchive: false,
  caveats: [],
} as const satisfies Partial<SourceFacts>;

const sources = {
  cifar10: { ...facts, title: 'CIFAR-10', schema: cifar10, hasArchive: true },
  synthetic: { ...facts, title: 'synthetic images', schema: synthetic, testSettings: ['sourceSeed'] },
  'image-folder': { ...facts, title: 'a folder of images', schema: imageFolder, paths: ['path', 'testPath'] },
};

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

/** Some of the real charts' names. */
const charts: ChartVocabulary = {
  names: ['validationAccuracy', 'validationLoss', 'sweep', 'slices', 'accuracyVsMacs', 'verdicts'],
  defaults: ({ swept, searched }) => [
    'validationAccuracy',
    'validationLoss',
    ...(swept ? ['sweep'] : []),
    ...(searched ? ['slices'] : []),
    'accuracyVsMacs',
    'verdicts',
  ],
};

/** Made-up architectures and sources with what tests need of the real ones. */
export const exampleVocabulary: Vocabulary = {
  models,
  notation: {
    expand: (written) => (typeof written === 'string' ? { type: written } : written),
    layerPaths: () => new Map(),
  },
  sources,
  charts,
};
