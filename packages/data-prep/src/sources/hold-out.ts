import { Random, UserError } from '@bakeoff/core';
import { samplingOrder } from '../sampling-order.ts';
import { ChosenPixels } from './pixels.ts';
import type { ImageSet, SourceImages } from './source.ts';

/** The size of a split whose size nobody named. */
export function tenthOf(images: number): number {
  return Math.max(1, Math.round(images / 10));
}

/**
 * How many images the test split takes from a source without one of its own.
 * @param what The source in words, with its place.
 * @throws UserError if that would be none, or all.
 */
export function heldOutCount(what: string, testImages: number | undefined, images: number): number {
  const count = testImages ?? tenthOf(images);
  if (count < 1 || count >= images) {
    throw new UserError({
      what: `${what} has too few images for a test split`,
      received: `testImages: ${count} of ${images} images`,
      allowed: `1 to ${images - 1}`,
      fix: 'lower dataset.testImages, add images, or name test images with dataset.testPath',
    });
  }
  return count;
}

function pick({ images, labels }: ImageSet, ids: Int32Array): ImageSet {
  return { images: new ChosenPixels(images, ids), labels: Uint8Array.from(ids, (id) => labels[id]!) };
}

/**
 * The test split of a source without one of its own. It is stratified and the same for every split seed, so that no
 * seed trains on images that another is tested on.
 */
export function holdOut(all: ImageSet, classCount: number, count: number): Pick<SourceImages, 'training' | 'test'> {
  const order = samplingOrder(all.labels, classCount, true, new Random(0).split('test'));
  return { training: pick(all, order.slice(count).sort()), test: pick(all, order.slice(0, count).sort()) };
}
