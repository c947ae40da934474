import type { DrawnTransform } from './drawn-transform.ts';
import { CHANNELS, type ImageSize } from './image-size.ts';
import { applyPerspective } from './perspective.ts';
import { applyRotation } from './rotation.ts';

function applyFlip({ height, width }: ImageSize, from: Uint8Array, to: Uint8Array): void {
  const rowBytes = width * CHANNELS;
  const bytes = height * rowBytes;
  for (let row = 0; row < bytes; row += rowBytes) {
    for (let column = 0; column < rowBytes; column += CHANNELS) {
      const source = row + column;
      const target = row + rowBytes - CHANNELS - column;
      to[target] = from[source]!;
      to[target + 1] = from[source + 1]!;
      to[target + 2] = from[source + 2]!;
    }
  }
}

/** ITU-R 601 luma in Pillow's integers: (19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶. */
function applyGrayscale({ height, width }: ImageSize, from: Uint8Array, to: Uint8Array): void {
  const pixels = height * width;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = pixel * CHANNELS;
    const luma = (from[at]! * 19_595 + from[at + 1]! * 38_470 + from[at + 2]! * 7471 + 0x8000) >> 16;
    to[at] = luma;
    to[at + 1] = luma;
    to[at + 2] = luma;
  }
}

function applyCrop(
  { padding, left, top }: Extract<DrawnTransform, { type: 'randomCrop' }>,
  { height, width }: ImageSize,
  from: Uint8Array,
  to: Uint8Array,
): void {
  to.fill(0);
  const shiftX = left - padding;
  const firstColumn = Math.max(0, -shiftX);
  const columns = width - Math.abs(shiftX);
  const rowBytes = width * CHANNELS;
  for (let row = 0; row < height; row++) {
    const sourceRow = row + top - padding;
    if (sourceRow < 0 || sourceRow >= height || columns <= 0) continue;
    const source = sourceRow * rowBytes + (firstColumn + shiftX) * CHANNELS;
    to.set(from.subarray(source, source + columns * CHANNELS), row * rowBytes + firstColumn * CHANNELS);
  }
}

/**
 * Applies a transform with explicit parameters to one image, uint8 [height, width, 3]; writes every byte of `to`, which
 * must not be `from`. The meaning is torchvision's for Pillow images (which is what torchvision's datasets return), not
 * its slightly different one for tensors.
 */
export function applyTransform(transform: DrawnTransform, size: ImageSize, from: Uint8Array, to: Uint8Array): void {
  switch (transform.type) {
    case 'horizontalFlip':
      return applyFlip(size, from, to);
    case 'randomCrop':
      return applyCrop(transform, size, from, to);
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
