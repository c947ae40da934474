import { splitSettings } from '@bakeoff/core';
import { z } from 'zod';
import { source } from '../source.ts';
import { cifar100Dialect } from './cifar100-dialect.ts';

/** Krizhevsky 2009: the official archive, or a local one with the same layout. */
export const cifar100 = source({
  title: 'CIFAR-100',
  schema: z.strictObject({
    source: z.literal('cifar100').describe('The CIFAR-100 archive: 50,000 training and 10,000 test images of 32×32'),
    labels: z.enum(['fine', 'coarse']).default('fine').describe('fine: the 100 classes; coarse: the 20 superclasses'),
    ...splitSettings(5000),
  }),
  paths: [],
  testSettings: ['labels'],
  hasArchive: true,
  officialSha256: cifar100Dialect('fine').official.sha256,
  caveats: [
    'About 10\u00A0% of the CIFAR-100 test images have a near-duplicate among the training images (Barz and Denzler 2020, ciFAIR), which raises every accuracy here.',
  ],
  load: async () => (await import('./read-cifar.ts')).cifar100Reader,
});
