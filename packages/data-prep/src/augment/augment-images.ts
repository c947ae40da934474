import { Random, type AugmentationConfig } from '@bakeoff/core';
import { IMAGE_BYTES } from '../source.ts';
import { applyTransform } from './apply-transform.ts';
import { drawTransform } from './drawn-transform.ts';

/**
 * Augmented copies of images, uint8 [n, 32, 32, 3], for one view. What happens to an image is a pure function of the augmentation's seed, the view,
 * the image's id and the transform's place in the list: not of the other images, nor of the other transforms.
 */
export function augmentImages(
  images: Uint8Array,
  ids: Int32Array,
  { transforms, seed }: Pick<AugmentationConfig, 'transforms' | 'seed'>,
  view: number,
): Uint8Array {
  const random = new Random(seed).split('augment', view);
  const augmented = new Uint8Array(images.length);
  const scratch = [new Uint8Array(IMAGE_BYTES), new Uint8Array(IMAGE_BYTES)] as const;
  ids.forEach((id, i) => {
    let current = images.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES);
    transforms.forEach((transform, place) => {
      const drawn = drawTransform(transform, random.split(id, place));
      if (drawn === undefined) return;
      const next = current === scratch[0] ? scratch[1] : scratch[0];
      applyTransform(drawn, current, next);
      current = next;
    });
    augmented.set(current, i * IMAGE_BYTES);
  });
  return augmented;
}
