import { splitSettings } from '@bakeoff/core';
import { z } from 'zod';
import type { OwnSettings } from '../source.ts';

const path = z.string().min(1);
const name = z.string().min(1);

export const schema = z
  .strictObject({
    source: z
      .literal('tensors')
      .describe('Images and labels as tensors: .safetensors, .npz or .npy; uint8, 1 or 3 channels, up to 256×256'),
    path: path
      .describe(
        "The file with the training images, [n, height, width] or [n, height, width, 1 or 3], relative to the manifest's folder",
      )
      .meta({ examples: ['images.npz'] }),
    labelsPath: path
      .optional()
      .describe(
        'The file with their labels, integers [n] or [n, 1]; by default the same file (.npy files need one each)',
      )
      .meta({ examples: ['labels.npy'] }),
    images: name.default('images').describe('Name of the tensor of images in a .safetensors or .npz file'),
    labels: name.default('labels').describe('Name of the tensor of labels in a .safetensors or .npz file'),
    testPath: path
      .optional()
      .describe('The file with the test images, if it is another one')
      .meta({ examples: ['test.npz'] }),
    testLabelsPath: path
      .optional()
      .describe('The file with the labels of the test images, if it is another one')
      .meta({ examples: ['test-labels.npy'] }),
    testImagesName: name
      .optional()
      .describe('Name of the tensor of test images, e.g. x_test; with testPath `images` by default')
      .meta({ examples: ['x_test'] }),
    testLabelsName: name
      .optional()
      .describe('Name of the tensor of test labels, e.g. y_test; with testPath `labels` by default')
      .meta({ examples: ['y_test'] }),
    testImages: z
      .int()
      .min(1)
      .max(10_000_000)
      .optional()
      .describe(
        'Without test tensors: number of images held out, stratified, as the test split; a tenth of them by default',
      )
      .meta({ unit: 'images', examples: [500] }),
    classes: z
      .array(z.string().min(1))
      .min(1)
      .max(256)
      .optional()
      .describe('Names of the classes in the order of their labels; by default the labels themselves')
      .meta({ examples: [['cat', 'dog']] }),
    ...splitSettings(undefined),
  })
  .superRefine((config, context) => {
    const issue = (setting: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [setting], message });
    const hasTest = config.testPath !== undefined || config.testImagesName !== undefined;
    if (hasTest && config.testImages !== undefined)
      issue('testImages', 'the test split comes from one place: give either test tensors or testImages');
    if (config.testImagesName !== undefined && config.testPath === undefined && config.testLabelsName === undefined)
      issue('testImagesName', 'test images of the same file need the name of their labels: give testLabelsName too');
    if (!hasTest && (config.testLabelsPath !== undefined || config.testLabelsName !== undefined))
      issue(
        config.testLabelsPath === undefined ? 'testLabelsName' : 'testLabelsPath',
        'test labels need test images: give testPath or testImagesName',
      );
    if (config.classes !== undefined && new Set(config.classes).size < config.classes.length)
      issue('classes', 'two classes have the same name');
  });

export type Settings = OwnSettings<typeof schema>;
