import { source } from '../source.ts';
import { schema } from './settings.ts';

/** The user's own images, as tensors in files. */
export const tensors = source({
  title: 'tensors of images',
  schema,
  // The last one given names the test images.
  paths: ['labelsPath', 'path', 'testLabelsPath', 'testPath'],
  testSettings: [],
  hasArchive: false,
  caveats: [],
  load: async () => (await import('./read-tensors.ts')).reader,
});
