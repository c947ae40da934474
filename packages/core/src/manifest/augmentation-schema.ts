import * as z from 'zod';
import type { Immutable } from '../types/immutable.ts';

const probability = (byDefault: number) =>
  z.number().min(0).max(1).default(byDefault).describe('Probability of applying it to an image of a view');
const interpolation = (byDefault: 'nearest' | 'bilinear') =>
  z.enum(['nearest', 'bilinear']).default(byDefault).describe('How values between pixels are computed');

/**
 * torchvision's transforms with its parameters, meaning and defaults (RandomHorizontalFlip, RandomCrop,
 * RandomGrayscale, RandomPerspective, RandomRotation), and three that recipes for CIFAR-10 use. alternatingFlip and
 * translate are those of Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (arXiv 2404.00498); cutout is
 * that of DeVries & Taylor 2017 (arXiv 1708.04552).
 */
const transformSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('horizontalFlip').describe('Mirror left and right'),
    probability: probability(0.5),
  }),
  z.strictObject({
    type: z.literal('randomCrop').describe('Pad with black and crop to the original size at a random place'),
    padding: z.int().min(1).max(32).default(4).describe('Added on every side').meta({ unit: 'pixels' }),
    probability: probability(1),
  }),
  z.strictObject({
    type: z
      .literal('alternatingFlip')
      .describe(
        'Mirror left and right in every other view: a random half of the images in the odd ones, the other half in the even ones',
      ),
  }),
  z.strictObject({
    type: z
      .literal('translate')
      .describe('Shift to a random place; what comes in at the edges mirrors the image (reflect padding)'),
    pixels: z
      .int()
      .min(1)
      .max(32)
      .default(4)
      .describe('The shift is within ± this many pixels, down and to the right independently')
      .meta({ unit: 'pixels' }),
    probability: probability(1),
  }),
  z.strictObject({
    type: z.literal('cutout').describe('Blacken a square at a random place'),
    size: z.int().min(1).max(1024).default(16).describe('Height and width of the square').meta({ unit: 'pixels' }),
    overBorder: z
      .boolean()
      .default(true)
      .describe(
        "true: its center is anywhere in the image, and what reaches over the border is lost, as in the paper; false: all of it is in the image, as in torchvision's RandomErasing and DAWNBench's recipes",
      ),
    probability: probability(1),
  }),
  z.strictObject({
    type: z.literal('grayscale').describe('Replace colors with their luminance'),
    probability: probability(0.1),
  }),
  z.strictObject({
    type: z.literal('perspective').describe('Move the four corners inward at random'),
    distortion: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('How far corners may move, as a fraction of half the size'),
    probability: probability(0.5),
    interpolation: interpolation('bilinear'),
  }),
  z.strictObject({
    type: z.literal('rotation').describe('Rotate by an angle drawn uniformly'),
    degrees: z
      .number()
      .min(0)
      .max(180)
      .describe('The angle is within ± this much')
      .meta({ unit: 'degrees', examples: [15] }),
    probability: probability(1),
    interpolation: interpolation('nearest'),
  }),
]);

/** Applied in the given order. */
export type Transform = Immutable<z.output<typeof transformSchema>>;

const views = z.int().min(1).max(10_000);

/** As a user writes it. `views` defaults to the run's maxEpochs, which is known only when the settings are complete. */
export const partialAugmentationSchema = z.strictObject({
  transforms: z
    .array(transformSchema)
    .min(1)
    .max(32)
    .describe('Applied in this order')
    .meta({ examples: [[{ type: 'horizontalFlip' }]] }),
  views: views
    .optional()
    .describe(
      'Augmented copies of the training images. Epoch e trains on view e; with fewer views than epochs, views repeat. Default: maxEpochs',
    )
    .meta({ unit: 'views', examples: [10] }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .describe('Seed of the augmentation; a view is a function of seed, image and view number'),
});

export const augmentationSchema = partialAugmentationSchema.extend({ views });

/** A run trains on view ((epoch − 1) mod views) + 1 of the training split's augmented copies. */
export type AugmentationConfig = Immutable<z.output<typeof augmentationSchema>>;
