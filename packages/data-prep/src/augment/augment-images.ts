import { imageBytes, Random, type AugmentationConfig, type ImageShape, type ShardContent } from '@bakeoff/core';
import { applyTransform } from './apply-transform.ts';
import { drawTransform } from './drawn-transform.ts';

/**
 * Augmented copies of images, uint8 [n, height, width, 3], for one view. What happens to an image is a pure function of
 * the augmentation's seed, the view, the image's id and the transform's place in the list. It does not depend on the
 * other images or the other transforms.
 */
export function augmentImages(
  { images, ids }: Pick<ShardContent, 'images' | 'ids'>,
  imageShape: ImageShape,
  { transforms, seed }: Pick<AugmentationConfig, 'transforms' | 'seed'>,
  view: number,
): Uint8Array {
  const [height, width] = imageShape;
  const size = { height, width };
  const bytes = imageBytes(imageShape);
  const random = new Random(seed).split('augment', view);
  const augmented = new Uint8Array(images.length);
  const scratch = [new Uint8Array(bytes), new Uint8Array(bytes)] as const;
  ids.forEach((id, i) => {
    let current = images.subarray(i * bytes, (i + 1) * bytes);
    transforms.forEach((transform, place) => {
      const drawn = drawTransform(transform, random.split(id, place), size);
      if (drawn === undefined) return;
      const next = current === scratch[0] ? scratch[1] : scratch[0];
      applyTransform(drawn, size, current, next);
      current = next;
    });
    augmented.set(current, i * bytes);
  });
  return augmented;
}
