import { normalize } from 'node:path';
import { splitSettings } from '@bakeoff/core';
import { z } from 'zod';
import type { OwnSettings } from '../source.ts';

const images = z.int().min(1).max(10_000_000);

export const schema = z
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
    if (config.testPath !== undefined && normalize(`${config.testPath}/`) === normalize(`${config.path}/`))
      context.addIssue({
        code: 'custom',
        path: ['testPath'],
        message:
          'it is the same folder as path, so that a network would be tested on the images that it learned: give testImages instead, or name another folder',
      });
  });

export type Settings = OwnSettings<typeof schema>;

/** Images of any size are scaled to cover this one. */
export const IMAGE_FOLDER_SHAPE = [32, 32, 3] as const;
