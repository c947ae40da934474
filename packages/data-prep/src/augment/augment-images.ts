import { imageBytes, type ImageShape, type ShardContent, viewDraws, type ViewConfig } from '@bakeoff/core';
import { transformer } from './apply-transform.ts';

/**
 * Augmented copies of images, uint8 [n, height, width, channels], for one view. What happens to an image is said in
 * `viewDraws`.
 */
export function augmentImages(
  { images, ids }: Pick<ShardContent, 'images' | 'ids'>,
  imageShape: ImageShape,
  config: ViewConfig,
  view: number,
): Uint8Array {
  const apply = transformer(imageShape);
  const bytes = imageBytes(imageShape);
  const drawsOf = viewDraws(config, view, imageShape);
  const augmented = new Uint8Array(images.length);
  const scratch = [new Uint8Array(bytes), new Uint8Array(bytes)] as const;
  ids.forEach((id, i) => {
    let current = images.subarray(i * bytes, (i + 1) * bytes);
    for (const drawn of drawsOf(id)) {
      const next = current === scratch[0] ? scratch[1] : scratch[0];
      apply(drawn, current, next);
      current = next;
    }
    augmented.set(current, i * bytes);
  });
  return augmented;
}
