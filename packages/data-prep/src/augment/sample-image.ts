import type { Interpolation } from '@bakeoff/core';
import type { ImageSize } from './image-size.ts';

/** For every pixel of a result, the place in the source image (pixel centers at ½) that it is read from. */
export interface SourcePlaces {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

let places: SourcePlaces = { x: new Float64Array(0), y: new Float64Array(0) };

/**
 * One set of places per process, overwritten for every image, because allocating 16 KB per image costs more than the
 * arithmetic.
 */
export function sourcePlaces(pixels: number): SourcePlaces {
  if (places.x.length !== pixels) places = { x: new Float64Array(pixels), y: new Float64Array(pixels) };
  return places;
}

function sampleNearest(from: Uint8Array, { x, y }: SourcePlaces, { height, width }: ImageSize, to: Uint8Array): void {
  const pixels = height * width;
  const channels = from.length / pixels;
  const row = width * channels;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const sx = x[pixel]!;
    const sy = y[pixel]!;
    const at = pixel * channels;
    if (sx >= 0 && sx < width && sy >= 0 && sy < height) {
      const source = Math.trunc(sy) * row + Math.trunc(sx) * channels;
      for (let c = 0; c < channels; c++) to[at + c] = from[source + c]!;
    } else {
      for (let c = 0; c < channels; c++) to[at + c] = 0;
    }
  }
}

/**
 * Pillow's bilinear filter: neighbors beyond the edge repeat the edge, arithmetic is in doubles, and the result is
 * truncated to an integer.
 */
function sampleBilinear(from: Uint8Array, { x, y }: SourcePlaces, { height, width }: ImageSize, to: Uint8Array): void {
  const pixels = height * width;
  const channels = from.length / pixels;
  const row = width * channels;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const sx = x[pixel]!;
    const sy = y[pixel]!;
    const at = pixel * channels;
    if (sx >= 0 && sx < width && sy >= 0 && sy < height) {
      const left = Math.floor(sx - 0.5);
      const top = Math.floor(sy - 0.5);
      const right = sx - 0.5 - left;
      const down = sy - 0.5 - top;
      const column0 = (left < 0 ? 0 : left) * channels;
      const column1 = (left < width - 1 ? left + 1 : width - 1) * channels;
      const row0 = (top < 0 ? 0 : top) * row;
      const row1 = (top < height - 1 ? top + 1 : height - 1) * row;
      for (let c = 0; c < channels; c++) {
        const above = from[row0 + column0 + c]! * (1 - right) + from[row0 + column1 + c]! * right;
        const below = from[row1 + column0 + c]! * (1 - right) + from[row1 + column1 + c]! * right;
        to[at + c] = above * (1 - down) + below * down;
      }
    } else {
      for (let c = 0; c < channels; c++) to[at + c] = 0;
    }
  }
}

/** Fills `to` with `from` read at the given places; places outside the image (including NaN) are black. */
export function sampleImage(
  from: Uint8Array,
  places: SourcePlaces,
  size: ImageSize,
  interpolation: Interpolation,
  to: Uint8Array,
): void {
  if (interpolation === 'nearest') sampleNearest(from, places, size, to);
  else sampleBilinear(from, places, size, to);
}
