import { gatherImages, type PixelMoves, type PixelTransform, uploadImages } from '@bakeoff/kernels';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Images that the current engine holds, one byte per value, and returns in batches in the form that a network takes.
 */
export class EngineImages {
  private readonly images: ReturnType<typeof uploadImages>;

  /** @param images uint8 of shape [n, height, width, channels], passed to the engine without a copy */
  constructor(
    images: Uint8Array,
    shape: readonly [number, number, number, number],
    private readonly pixels: PixelTransform,
  ) {
    this.images = uploadImages(images, shape);
  }

  /**
   * The images at these positions, with their pixels moved if `moves` says so, and normalized: float32 [indices.length,
   * height, width, channels]; the caller disposes it.
   */
  batch(indices: Int32Array, moves: PixelMoves | null = null): Tensor4D {
    return gatherImages(this.images, indices, this.pixels, moves);
  }

  dispose(): void {
    this.images.dispose();
  }
}

/** The positions `first`, `first` + 1 … of at most `count` images, all before `end`. */
export function placesInOrder(first: number, count: number, end: number): Int32Array {
  return Int32Array.from({ length: Math.min(count, end - first) }, (_, i) => first + i);
}
