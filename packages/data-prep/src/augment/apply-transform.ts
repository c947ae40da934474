import { CHANNELS, IMAGE_BYTES, IMAGE_PIXELS, IMAGE_SIZE } from '../source.ts';
import type { DrawnTransform } from './drawn-transform.ts';
import { applyPerspective } from './perspective.ts';
import { applyRotation } from './rotation.ts';

const ROW = IMAGE_SIZE * CHANNELS;

function applyFlip(from: Uint8Array, to: Uint8Array): void {
  for (let row = 0; row < IMAGE_BYTES; row += ROW) {
    for (let column = 0; column < ROW; column += CHANNELS) {
      const source = row + column;
      const target = row + ROW - CHANNELS - column;
      to[target] = from[source] as number;
      to[target + 1] = from[source + 1] as number;
      to[target + 2] = from[source + 2] as number;
    }
  }
}

/** ITU-R 601 luma in Pillow's integers: (19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶. */
function applyGrayscale(from: Uint8Array, to: Uint8Array): void {
  for (let pixel = 0; pixel < IMAGE_PIXELS; pixel++) {
    const at = pixel * CHANNELS;
    const luma =
      ((from[at] as number) * 19_595 + (from[at + 1] as number) * 38_470 + (from[at + 2] as number) * 7471 + 0x8000) >>
      16;
    to[at] = luma;
    to[at + 1] = luma;
    to[at + 2] = luma;
  }
}

function applyCrop(
  { padding, left, top }: Extract<DrawnTransform, { type: 'randomCrop' }>,
  from: Uint8Array,
  to: Uint8Array,
): void {
  to.fill(0);
  const shiftX = left - padding;
  const firstColumn = Math.max(0, -shiftX);
  const columns = IMAGE_SIZE - Math.abs(shiftX);
  for (let row = 0; row < IMAGE_SIZE; row++) {
    const sourceRow = row + top - padding;
    if (sourceRow < 0 || sourceRow >= IMAGE_SIZE || columns <= 0) continue;
    const source = sourceRow * ROW + (firstColumn + shiftX) * CHANNELS;
    to.set(from.subarray(source, source + columns * CHANNELS), row * ROW + firstColumn * CHANNELS);
  }
}

/**
 * Applies a transform with explicit parameters to one image, uint8 [32, 32, 3]; writes every byte of `to`, which must not be `from`.
 * The meaning is torchvision's for Pillow images (which is what the datasets of torchvision give), not its slightly different one for tensors.
 */
export function applyTransform(transform: DrawnTransform, from: Uint8Array, to: Uint8Array): void {
  switch (transform.type) {
    case 'horizontalFlip':
      return applyFlip(from, to);
    case 'randomCrop':
      return applyCrop(transform, from, to);
    case 'grayscale':
      return applyGrayscale(from, to);
    case 'perspective':
      return applyPerspective(transform, from, to);
    case 'rotation':
      return applyRotation(transform, from, to);
    default:
      transform satisfies never;
  }
}
