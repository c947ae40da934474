import { applyMoves, type DrawnTransform, movesSize, PixelMover } from '@bakeoff/core';
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

/** Moves whole pixels, whatever their channels. */
function movePixels(transform: DrawnTransform, { height, width }: ImageSize, from: Uint8Array, to: Uint8Array): void {
  const imageShape = [height, width, from.length / (height * width)] as const;
  const moves = new Int32Array(movesSize(imageShape));
  new PixelMover(imageShape).write([transform], moves);
  applyMoves(moves, imageShape, from, to);
}

/**
 * Applies a transform with explicit parameters to one image, uint8 [height, width, channels]; writes every byte of `to`,
 * which must not be `from`. The meaning is torchvision's for Pillow images (which is what torchvision's datasets return), not
 * its slightly different one for tensors.
 */
export function applyTransform(transform: DrawnTransform, size: ImageSize, from: Uint8Array, to: Uint8Array): void {
  switch (transform.type) {
    case 'horizontalFlip':
    case 'randomCrop':
    case 'translate':
    case 'cutout':
      return movePixels(transform, size, from, to);
    case 'grayscale':
      return applyGrayscale(size, from, to);
    case 'perspective':
      return applyPerspective(transform, size, from, to);
    case 'rotation':
      return applyRotation(transform, size, from, to);
    default:
      transform satisfies never;
  }
}
