import { CHANNELS, IMAGE_PIXELS, IMAGE_SIZE } from '../source.ts';
import type { Interpolation } from './drawn-transform.ts';

/** For every pixel of a result, where in the source image (pixel centres at ½) it is read from. */
export interface SourcePlaces {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** One set of places a process, written anew for every image: allocating 16 KB an image costs more than the arithmetic. */
export const sourcePlaces: SourcePlaces = { x: new Float64Array(IMAGE_PIXELS), y: new Float64Array(IMAGE_PIXELS) };

const LAST = IMAGE_SIZE - 1;
const ROW = IMAGE_SIZE * CHANNELS;

function sampleNearest(from: Uint8Array, { x, y }: SourcePlaces, to: Uint8Array): void {
  for (let pixel = 0; pixel < IMAGE_PIXELS; pixel++) {
    const sx = x[pixel] as number;
    const sy = y[pixel] as number;
    const at = pixel * CHANNELS;
    if (sx >= 0 && sx < IMAGE_SIZE && sy >= 0 && sy < IMAGE_SIZE) {
      const source = Math.trunc(sy) * ROW + Math.trunc(sx) * CHANNELS;
      to[at] = from[source] as number;
      to[at + 1] = from[source + 1] as number;
      to[at + 2] = from[source + 2] as number;
    } else {
      to[at] = 0;
      to[at + 1] = 0;
      to[at + 2] = 0;
    }
  }
}

/** Pillow's bilinear filter: neighbours beyond the edge repeat it, arithmetic in doubles, the result cut to an integer. */
function sampleBilinear(from: Uint8Array, { x, y }: SourcePlaces, to: Uint8Array): void {
  for (let pixel = 0; pixel < IMAGE_PIXELS; pixel++) {
    const sx = x[pixel] as number;
    const sy = y[pixel] as number;
    const at = pixel * CHANNELS;
    if (sx >= 0 && sx < IMAGE_SIZE && sy >= 0 && sy < IMAGE_SIZE) {
      const left = Math.floor(sx - 0.5);
      const top = Math.floor(sy - 0.5);
      const right = sx - 0.5 - left;
      const down = sy - 0.5 - top;
      const column0 = (left < 0 ? 0 : left) * CHANNELS;
      const column1 = (left < LAST ? left + 1 : LAST) * CHANNELS;
      const row0 = (top < 0 ? 0 : top) * ROW;
      const row1 = (top < LAST ? top + 1 : LAST) * ROW;
      for (let c = 0; c < CHANNELS; c++) {
        const above = (from[row0 + column0 + c] as number) * (1 - right) + (from[row0 + column1 + c] as number) * right;
        const below = (from[row1 + column0 + c] as number) * (1 - right) + (from[row1 + column1 + c] as number) * right;
        to[at + c] = above * (1 - down) + below * down;
      }
    } else {
      to[at] = 0;
      to[at + 1] = 0;
      to[at + 2] = 0;
    }
  }
}

/** Fills `to` with `from` read at the given places; places outside the image (also ones that are no number) are black. */
export function sampleImage(
  from: Uint8Array,
  places: SourcePlaces,
  interpolation: Interpolation,
  to: Uint8Array,
): void {
  if (interpolation === 'nearest') sampleNearest(from, places, to);
  else sampleBilinear(from, places, to);
}
