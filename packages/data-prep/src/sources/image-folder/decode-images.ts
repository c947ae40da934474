import { readFile } from 'node:fs/promises';
import type { SharpConstructor } from 'sharp';
import { imageBytes, sha256, type StageContext } from '@bakeoff/core';
import { fileTrouble } from '../../file-error.ts';
import type { ImageSet } from '../source.ts';
import type { ImageFile } from './list-images.ts';
import { IMAGE_FOLDER_SHAPE } from './settings.ts';
import { decodingTrouble, UnusableImage, UnusableImages } from './unusable-images.ts';

const [HEIGHT, WIDTH] = IMAGE_FOLDER_SHAPE;
export const IMAGE_BYTES = imageBytes(IMAGE_FOLDER_SHAPE);

/** Files processed at the same time: sharp decodes in threads while reading waits for the disk. */
const TOGETHER = 16;

/** @throws UnusableImage if a user can mend what fails. */
async function readImageFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const trouble = fileTrouble(error);
    throw trouble === undefined ? error : new UnusableImage(`it cannot be read: ${trouble}`, { cause: error });
  }
}

/**
 * Decodes an image file to uint8 [32, 32, 3]: turned upright by its EXIF orientation, with transparency on black, in
 * sRGB. The largest centered square is kept ('cover', 'centre') and resampled with Lanczos 3.
 * @throws UnusableImage if it is not a whole image.
 */
async function decodeImage(sharp: SharpConstructor, file: Buffer): Promise<Uint8Array> {
  try {
    const { data, info } = await sharp(file)
      .rotate()
      .resize(WIDTH, HEIGHT, { fit: 'cover', position: 'centre', kernel: 'lanczos3' })
      .flatten({ background: '#000000' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels after conversion to sRGB`);
    return data;
  } catch (error) {
    throw new UnusableImage(decodingTrouble(file, (error as Error).message), { cause: error });
  }
}

/** What `work` gives for every file, in order. @throws UserError that names the files for which it throws UnusableImage. */
async function inGroups<T>(
  files: readonly ImageFile[],
  context: Pick<StageContext, 'log' | 'signal'>,
  label: string,
  work: (file: ImageFile, index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  const unusable = new UnusableImages();
  for (let from = 0; from < files.length; from += TOGETHER) {
    context.signal.throwIfAborted();
    const group = files.slice(from, from + TOGETHER);
    const settled = await Promise.allSettled(group.map((file, i) => work(file, from + i)));
    settled.forEach((each, i) => {
      if (each.status === 'fulfilled') results.push(each.value);
      else if (each.reason instanceof UnusableImage) unusable.add(group[i]!.path, each.reason);
      else throw each.reason;
    });
    const done = from + group.length;
    if (unusable.full) unusable.throwIfAny(done === files.length);
    if (Math.floor(done / 500) > Math.floor(from / 500) || done === files.length)
      context.log({ type: 'progress', label, done, total: files.length, unit: 'images' });
  }
  unusable.throwIfAny(true);
  return results;
}

/** SHA-256 of every file, in order. */
export function digestImages(
  files: readonly ImageFile[],
  context: Pick<StageContext, 'log' | 'signal'>,
): Promise<string[]> {
  return inGroups(files, context, 'hashing images', async ({ path }) => sha256(await readImageFile(path)));
}

/** Decodes every file, in order; also gives the SHA-256 of what was read. */
export async function decodeImages(
  files: readonly ImageFile[],
  context: Pick<StageContext, 'log' | 'signal'>,
): Promise<ImageSet & { readonly digests: readonly string[] }> {
  // Loaded only here, so that the other sources and planning start without its native library.
  const { default: sharp } = await import('sharp');
  const images = new Uint8Array(files.length * IMAGE_BYTES);
  const digests = await inGroups(files, context, 'decoding images', async ({ path }, i) => {
    const file = await readImageFile(path);
    images.set(await decodeImage(sharp, file), i * IMAGE_BYTES);
    return sha256(file);
  });
  return { images, labels: Uint8Array.from(files, ({ label }) => label), digests };
}
