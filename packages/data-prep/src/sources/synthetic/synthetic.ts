import { source } from '../source.ts';
import { SYNTHETIC_SHAPE } from './image-size.ts';
import { schema } from './settings.ts';

/** Outlines of ten shapes on noisy ground, drawn from a seed. */
export const synthetic = source({
  title: 'synthetic images',
  schema,
  imageShape: SYNTHETIC_SHAPE,
  paths: [],
  testSettings: ['sourceSeed'],
  hasArchive: false,
  caveats: [],
  load: async () => (await import('./read-synthetic.ts')).reader,
});
