import * as z from 'zod';
import { addedLater } from '../schema/neutral-settings.ts';
import type { Immutable } from '../types/immutable.ts';

export const labelSmoothingSchema = addedLater(z.number().min(0).lt(1), 0).describe(
  'Share of each target spread evenly over all classes, as in torch.nn.CrossEntropyLoss(label_smoothing=…). ' +
    'Training only: validation and test losses stay plain cross entropy',
);

const weightsByClass = z.record(z.string(), z.number().gt(0).max(1000));

export const classWeightsSchema = addedLater(z.union([z.literal('balanced'), weightsByClass]).nullable(), null)
  .describe(
    'Weight of each class in the training loss, as in torch.nn.CrossEntropyLoss(weight=…): a map of class names, where a ' +
      'class left out has weight 1; or balanced: images / (classes × images of the class)',
  )
  .meta({ examples: ['balanced'] });

export type ClassWeights = Immutable<z.output<typeof classWeightsSchema>>;

export const mixupSchema = z
  .strictObject({
    alpha: z
      .number()
      .min(0.01)
      .max(100)
      .default(0.2)
      .describe('Both parameters of the beta distribution that each batch draws its share from; larger mixes more'),
  })
  .nullable();

export type MixupConfig = Immutable<z.output<typeof mixupSchema>>;
