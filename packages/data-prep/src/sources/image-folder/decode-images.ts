import { readFile } from 'node:fs/promises';
import type { SharpConstructor } from 'sharp';
import { imageBytes, sha256, UserError, type StageContext } from '@bakeoff/core';
import { fileError } from '../../file-error.ts';
import type { ImageSet } from '../source.ts';
import type { ImageFile } from './list-images.ts';
import { IMAGE_FOLDER_SHAPE } from './settings.ts';

const [HEIGHT, WIDTH] = IMAGE_FOLDER_SHAPE;
export const IMAGE_BYTES = imageBytes(IMAGE_FOLDER_SHAPE);

/** Files processed at the same time: sharp decodes in threads while reading waits for the disk. */
const TOGETHER = 16;

async function readImageFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(error, 'cannot read an image', 'make the file readable, or remove it from the image folder');
  }
}

/**
 * Decodes an image file to uint8 [32, 32, 3]: turned upright by its EXIF orientation, with transparency on black, in
 * sRGB. The largest centered square is kept ('cover', 'centre') and resampled with Lanczos 3.
 * @throws UserError that names a file that is not a readable image.
 */
async function decodeImage(sharp: SharpConstructor, file: Buffer, path: string): Promise<Uint8Array> {
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
    throw new UserError(
      {
        what: `cannot decode the image ${path}`,
        received: (error as Error).message,
        allowed: 'a complete PNG or JPEG file',
        fix: 'repair the file, or remove it from the image folder',
      },
      { cause: error },
    );
  }
}

async function inGroups<T>(
  files: readonly ImageFile[],
  context: Pick<StageContext, 'log' | 'signal'>,
  label: string,
  work: (file: ImageFile, index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (let from = 0; from < files.length; from += TOGETHER) {
    context.signal.throwIfAborted();
    results.push(...(await Promise.all(files.slice(from, from + TOGETHER).map((file, i) => work(file, from + i)))));
    if (Math.floor(results.length / 500) > Math.floor(from / 500) || results.length === files.length)
      context.log({ type: 'progress', label, done: results.length, total: files.length, unit: 'images' });
  }
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
    images.set(await decodeImage(sharp, file, path), i * IMAGE_BYTES);
    return sha256(file);
  });
  return { images, labels: Uint8Array.from(files, ({ label }) => label), digests };
}
