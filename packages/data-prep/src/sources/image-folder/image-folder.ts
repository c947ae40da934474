import { source } from '../source.ts';
import { schema } from './settings.ts';

/** The user's own images. */
export const imageFolder = source({
  title: 'a folder of images',
  schema,
  paths: ['path', 'testPath'],
  testSettings: [],
  hasArchive: false,
  caveats: [],
  load: async () => (await import('./read-image-folder.ts')).reader,
});
