import { readFile } from 'node:fs/promises';
import type { SharpConstructor } from 'sharp';
import { sha256, type StageContext } from '@bakeoff/core';
import { fileTrouble } from '../../file-error.ts';
import { openPixelStore, type PixelStore } from '../pixel-store.ts';
import type { ImageSet } from '../source.ts';
import type { ImageFile } from './list-images.ts';
import { type Conversion, shapeOf } from './settings.ts';
import { decodingTrouble, UnusableImage, UnusableImages } from './unusable-images.ts';

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

const SHARP_FITS = { crop: 'cover', pad: 'contain', resize: 'fill' } as const;

/** ITU-R 601 luma in Pillow's integers: (19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶; a gray pixel keeps its value. */
function toGray(rgb: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: rgb.length / 3 }, (_, pixel) => {
    const at = pixel * 3;
    return (rgb[at]! * 19_595 + rgb[at + 1]! * 38_470 + rgb[at + 2]! * 7471 + 0x8000) >> 16;
  });
}

/**
 * Decodes an image file to uint8 [height, width, channels]: turned upright by its EXIF orientation, with transparency
 * on black, in sRGB, brought to its size by `fit` about its center, resampled with Lanczos 3.
 * @throws UnusableImage if it is not a whole image.
 */
async function decodeImage(sharp: SharpConstructor, file: Buffer, conversion: Conversion): Promise<Uint8Array> {
  const [height, width, channels] = shapeOf(conversion);
  try {
    const { data, info } = await sharp(file)
      .rotate()
      .resize(width, height, {
        fit: SHARP_FITS[conversion.fit],
        position: 'centre',
        kernel: 'lanczos3',
        background: '#000000',
      })
      .flatten({ background: '#000000' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels after conversion to sRGB`);
    return channels === 1 ? toGray(data) : data;
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
  conversion: Conversion,
  cacheFolder: string,
  context: Pick<StageContext, 'log' | 'signal'>,
): Promise<ImageSet & { readonly images: PixelStore; readonly digests: readonly string[] }> {
  // Loaded only here, so that the other sources and planning start without its native library.
  const { default: sharp } = await import('sharp');
  const images = openPixelStore(files.length, shapeOf(conversion), cacheFolder);
  try {
    const digests = await inGroups(files, context, 'decoding images', async ({ path }, i) => {
      const file = await readImageFile(path);
      images.set(i, await decodeImage(sharp, file, conversion));
      return sha256(file);
    });
    return { images, labels: Uint8Array.from(files, ({ label }) => label), digests };
  } catch (error) {
    images.close();
    throw error;
  }
}
