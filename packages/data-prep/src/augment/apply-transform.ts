import { applyMoves, type DrawnTransform, type ImageShape, movesSize, PixelMover } from '@bakeoff/core';
import type { ImageSize } from './image-size.ts';
import { applyPerspective } from './perspective.ts';
import { applyRotation } from './rotation.ts';

/** ITU-R 601 luma in Pillow's integers: (19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶; a gray image stays as it is. */
function applyGrayscale({ height, width }: ImageSize, from: Uint8Array, to: Uint8Array): void {
  const pixels = height * width;
  if (from.length === pixels) return to.set(from);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = pixel * 3;
    const luma = (from[at]! * 19_595 + from[at + 1]! * 38_470 + from[at + 2]! * 7471 + 0x8000) >> 16;
    to[at] = luma;
    to[at + 1] = luma;
    to[at + 2] = luma;
  }
}

/** Applies a transform with explicit parameters to one image; writes every byte of `to`, which must not be `from`. */
export type ApplyTransform = (transform: DrawnTransform, from: Uint8Array, to: Uint8Array) => void;

/**
 * Applies transforms to images of one shape, uint8 [height, width, channels]. The meaning is torchvision's for Pillow images
 * (which is what torchvision's datasets return), not its slightly different one for tensors.
 */
export function transformer(imageShape: ImageShape): ApplyTransform {
  const [height, width] = imageShape;
  const size = { height, width };
  // One for all images, because making one costs more than most transforms.
  const mover = new PixelMover(imageShape);
  const moves = new Int32Array(movesSize(imageShape));
  return (transform, from, to) => {
    switch (transform.type) {
      case 'horizontalFlip':
      case 'randomCrop':
      case 'translate':
      case 'cutout':
        mover.write([transform], moves);
        return applyMoves(moves, imageShape, from, to);
      case 'grayscale':
        return applyGrayscale(size, from, to);
      case 'perspective':
        return applyPerspective(transform, size, from, to);
      case 'rotation':
        return applyRotation(transform, size, from, to);
      default:
        transform satisfies never;
    }
  };
}
