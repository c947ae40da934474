import { source } from '../source.ts';
import { SYNTHETIC_SHAPE } from './image-size.ts';
import { schema } from './settings.ts';

/** Ten kinds of shapes on noisy backgrounds, drawn from a seed. */
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
