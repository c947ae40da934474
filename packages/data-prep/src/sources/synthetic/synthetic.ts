import { source } from '../source.ts';
import { schema } from './settings.ts';

/** Ten kinds of shapes on noisy backgrounds, drawn from a seed. */
export const synthetic = source({
  title: 'synthetic images',
  schema,
  paths: [],
  testSettings: ['sourceSeed'],
  hasArchive: false,
  caveats: [],
  load: async () => (await import('./read-synthetic.ts')).reader,
});
