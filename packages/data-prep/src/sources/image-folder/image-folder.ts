import { source } from '../source.ts';
import { IMAGE_FOLDER_SHAPE, schema } from './settings.ts';

/** The user's own images. */
export const imageFolder = source({
  title: 'a folder of images',
  schema,
  imageShape: IMAGE_FOLDER_SHAPE,
  paths: ['path', 'testPath'],
  testSettings: [],
  hasArchive: false,
  caveats: [],
  load: async () => (await import('./read-image-folder.ts')).reader,
});
