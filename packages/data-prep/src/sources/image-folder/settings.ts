import { normalize } from 'node:path';
import { addedLater, splitSettings, type ImageShape } from '@bakeoff/core';
import { z } from 'zod';
import type { OwnSettings } from '../source.ts';

const images = z.int().min(1).max(10_000_000);
const side = z.int().min(1).max(256);

export const schema = z
  .strictObject({
    source: z.literal('image-folder').describe('Folders of PNG or JPEG images, one folder per class'),
    path: z
      .string()
      .min(1)
      .describe("The folder that contains the class folders, relative to the manifest's folder")
      .meta({ examples: ['images'] }),
    testPath: z
      .string()
      .min(1)
      .optional()
      .describe('A folder with the same layout for the test images')
      .meta({ examples: ['test-images'] }),
    testImages: images
      .optional()
      .describe(
        'Without testPath: number of images of `path` held out, stratified, as the test split; a tenth of them by default',
      )
      .meta({ unit: 'images', examples: [500] }),
    size: addedLater(z.union([side, z.tuple([side, side])]), 32)
      .describe('Size to which images are brought, in pixels: one number, or [height, width]; at most 256')
      .meta({ unit: 'pixels', examples: [64] }),
    fit: addedLater(z.enum(['crop', 'pad', 'resize']), 'crop').describe(
      'How images of other proportions get there: crop: scaled to cover the size, and what hangs over is cut off on both sides; pad: scaled to fit inside, with black on both sides; resize: height and width are scaled independently',
    ),
    color: addedLater(z.enum(['rgb', 'gray']), 'rgb').describe(
      'rgb: three channels; gray: one, the luma of ITU-R 601 (as Pillow’s mode L)',
    ),
    ...splitSettings(undefined),
  })
  .superRefine((config, context) => {
    if (config.testPath !== undefined && config.testImages !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['testImages'],
        message: 'an image folder takes its test split from one place: give either testPath or testImages',
      });
    }
    if (config.testPath !== undefined && normalize(`${config.testPath}/`) === normalize(`${config.path}/`))
      context.addIssue({
        code: 'custom',
        path: ['testPath'],
        message:
          'it is the same folder as path, so that a network would be tested on the images that it learned: give testImages instead, or name another folder',
      });
  });

export type Settings = OwnSettings<typeof schema>;

/** How images are brought to one shape. */
export type Conversion = Pick<Settings, 'size' | 'fit' | 'color'>;

export function shapeOf({ size, color }: Conversion): ImageShape {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  return [height, width, color === 'gray' ? 1 : 3];
}
