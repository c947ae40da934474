import { splitSettings } from '@bakeoff/core';
import { z } from 'zod';
import type { OwnSettings } from '../source.ts';

const images = z.int().min(1).max(10_000_000);

export const schema = z.strictObject({
  source: z.literal('synthetic').describe('Generated 32×32 images of 10 classes; no download'),
  images: images
    .default(6000)
    .describe('Number of images generated for training and validation together')
    .meta({ unit: 'images' }),
  testImages: images
    .default(2000)
    .describe('Number of images generated for the held-out test split')
    .meta({ unit: 'images' }),
  sourceSeed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('Seed of the generator'),
  ...splitSettings(1000),
});

export type Settings = OwnSettings<typeof schema>;
