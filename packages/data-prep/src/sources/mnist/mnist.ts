import { splitSettings } from '@bakeoff/core';
import { z } from 'zod';
import { source } from '../source.ts';
import { FASHION_MNIST, MNIST, officialSha256 } from './idx-archive.ts';

const shared = { paths: [], testSettings: [], hasArchive: true, caveats: [] } as const;

/** LeCun, Cortes and Burges 1998: the four IDX files of digits. */
export const mnist = source({
  ...shared,
  title: 'MNIST',
  schema: z.strictObject({
    source: z
      .literal('mnist')
      .describe('The MNIST digits: 60,000 training and 10,000 test images of 28×28, gray, in four IDX files'),
    ...splitSettings(5000),
  }),
  officialSha256: officialSha256(MNIST),
  load: async () => (await import('./read-mnist.ts')).mnistReader,
});

/** Xiao, Rasul and Vollgraf 2017: clothes, in MNIST's layout. */
export const fashionMnist = source({
  ...shared,
  title: 'Fashion-MNIST',
  schema: z.strictObject({
    source: z
      .literal('fashion-mnist')
      .describe('The Fashion-MNIST clothes: 60,000 training and 10,000 test images of 28×28, gray, in four IDX files'),
    ...splitSettings(5000),
  }),
  officialSha256: officialSha256(FASHION_MNIST),
  load: async () => (await import('./read-mnist.ts')).fashionMnistReader,
});
