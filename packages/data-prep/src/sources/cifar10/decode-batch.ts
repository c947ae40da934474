import { imageBytes, UserError } from '@bakeoff/core';
import type { ImageSet } from '../source.ts';
import { ARCHIVE_ADVICE, BATCH_IMAGES, CIFAR10_CLASSES, CIFAR10_SHAPE } from './official-archive.ts';

export const IMAGE_PIXELS = CIFAR10_SHAPE[0] * CIFAR10_SHAPE[1];
export const IMAGE_BYTES = imageBytes(CIFAR10_SHAPE);
export const RECORD_BYTES = 1 + IMAGE_BYTES;
export const BATCH_BYTES = BATCH_IMAGES * RECORD_BYTES;

/**
 * Converts planes of red, green and blue to interleaved RGB, four pixels at a time. Byte by byte this would be the
 * slowest part of unpacking.
 */
function interleave(planes: DataView, at: number, out: Uint32Array, outAt: number): void {
  const red = at;
  const green = at + IMAGE_PIXELS;
  const blue = at + 2 * IMAGE_PIXELS;
  let word = outAt;
  for (let i = 0; i < IMAGE_PIXELS; i += 4) {
    const r = planes.getUint32(red + i, true);
    const g = planes.getUint32(green + i, true);
    const b = planes.getUint32(blue + i, true);
    out[word] = (r & 0xff) | ((g & 0xff) << 8) | ((b & 0xff) << 16) | ((r & 0xff00) << 16);
    out[word + 1] = ((g >>> 8) & 0xff) | (b & 0xff00) | (r & 0xff0000) | ((g & 0xff0000) << 8);
    out[word + 2] = ((b >>> 16) & 0xff) | ((r >>> 16) & 0xff00) | ((g >>> 8) & 0xff0000) | (b & 0xff000000);
    word += 3;
  }
}

/**
 * Decodes whole records (`records`, a multiple of 3,073 bytes) into images `first`… of a set.
 * @throws UserError that names a record whose label is not one of the ten.
 */
export function decodeRecords(records: Uint8Array, set: ImageSet, first: number, name: string): void {
  const planes = new DataView(records.buffer, records.byteOffset, records.byteLength);
  const words = new Uint32Array(set.images.buffer, set.images.byteOffset, set.images.byteLength / 4);
  const count = records.length / RECORD_BYTES;
  for (let i = 0; i < count; i++) {
    const label = records[i * RECORD_BYTES]!;
    if (label >= CIFAR10_CLASSES.length) {
      throw new UserError({
        what: `${name} does not hold CIFAR-10 records`,
        received: `label ${label} in record ${(first + i) % BATCH_IMAGES}`,
        allowed: 'labels 0 to 9, each followed by 3,072 pixel values',
        fix: ARCHIVE_ADVICE,
      });
    }
    set.labels[first + i] = label;
    interleave(planes, i * RECORD_BYTES + 1, words, ((first + i) * IMAGE_BYTES) / 4);
  }
}
