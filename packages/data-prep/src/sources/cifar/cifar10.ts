import { splitSettings } from '@bakeoff/core';
import { z } from 'zod';
import { source } from '../source.ts';
import { CIFAR10 } from './cifar10-dialect.ts';

/** Krizhevsky 2009: the official archive, or a local one with the same layout. */
export const cifar10 = source({
  title: 'CIFAR-10',
  schema: z.strictObject({
    source: z.literal('cifar10').describe('The CIFAR-10 archive: 50,000 training and 10,000 test images of 32×32'),
    ...splitSettings(5000),
  }),
  paths: [],
  testSettings: [],
  hasArchive: true,
  officialSha256: CIFAR10.official.sha256,
  caveats: [
    'About 3.3\u00A0% of the CIFAR-10 test images have a near-duplicate among the training images (Barz and Denzler 2020, ciFAIR), which raises every accuracy here.',
  ],
  load: async () => (await import('./read-cifar.ts')).cifar10Reader,
});
