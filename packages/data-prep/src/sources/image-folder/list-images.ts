import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@bakeoff/core';
import { fileError } from '../../file-error.ts';

export interface ImageFile {
  /** `<class>/<file name>`, with a slash on every system. */
  readonly name: string;
  readonly path: string;
  readonly label: number;
}

export interface ImageListing {
  readonly classes: readonly string[];
  /** By class, then by file name, both in UTF-16 order. */
  readonly files: readonly ImageFile[];
  /** Files left out because their names are not those of PNG or JPEG files. */
  readonly ignored: number;
}

const IMAGE_NAME = /\.(png|jpe?g)$/i;
const LAYOUT = 'a folder of class-named folders of PNG or JPEG files, e.g. images/cat/1.png, images/dog/7.jpg';
/** Labels are uint8. */
const CLASS_LIMIT = 256;

async function entriesOf(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw fileError(error, 'cannot read the image folder', `give ${LAYOUT}`);
  }
}

/** @throws UserError if the folder is missing, has no classes, too many classes, or a class without images. */
export async function listImages(folder: string): Promise<ImageListing> {
  const top = await entriesOf(folder);
  const classes = top.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (classes.length === 0 || classes.length > CLASS_LIMIT) {
    throw new UserError({
      what: `image folder ${folder}: ${classes.length === 0 ? 'no classes' : 'too many classes'}`,
      received: `${classes.length} folders in it`,
      allowed: `1 to ${CLASS_LIMIT}: ${LAYOUT}`,
      fix: 'put the images of each class into a folder of its name, and name the folder above',
    });
  }
  const files: ImageFile[] = [];
  let ignored = top.length - classes.length;
  for (const [label, name] of classes.entries()) {
    const entries = await entriesOf(join(folder, name));
    const images = entries.filter((entry) => entry.isFile() && IMAGE_NAME.test(entry.name));
    if (images.length === 0)
      throw new UserError({
        what: `image folder ${folder}: class ${name} has no images`,
        received: `${entries.length} other entries`,
        allowed: LAYOUT,
        fix: 'add PNG or JPEG files, or remove the folder',
      });
    ignored += entries.length - images.length;
    for (const image of images)
      files.push({ name: `${name}/${image.name}`, path: join(folder, name, image.name), label });
  }
  return { classes, files, ignored };
}
