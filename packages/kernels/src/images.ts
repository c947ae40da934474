import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface PixelTransform {
  /** Per channel: value = pixel * scale + shift. */
  scale: readonly number[];
  shift: readonly number[];
}

/**
 * Where the pixels of each image of a batch come from, int32 [batch, 2 * (h + w)]: for every row of the result the row of
 * the image that it shows (-1: black), and so for every column; then for every row, and for every column, 32 bits. A
 * pixel is black (every channel 0, before it is scaled) where its row or its column is, or where the two have a bit in
 * common: each bit is a rectangular hole.
 */
export type PixelMoves = Int32Array;

export interface ImageKernels<T> {
  /** images: uint8 bytes in a 'bool' tensor, the only one-byte dtype of TensorFlow.js. moves null: pixels stay in place. */
  BakeoffGatherImages(
    inputs: { images: T },
    attrs: PixelTransform & { indices: Int32Array; moves: PixelMoves | null },
  ): T;
}

/**
 * For every pixel of a batch, its place in its image, int32 [batch, h * w]; -1: black. For kernels that move pixels one
 * by one.
 */
export function pixelSources(moves: PixelMoves, [height, width]: readonly [number, number]): Int32Array {
  const each = 2 * (height + width);
  const sources = new Int32Array((moves.length / each) * height * width);
  for (let from = 0, at = 0; from < moves.length; from += each) {
    const columns = from + height,
      rowHoles = columns + width,
      columnHoles = rowHoles + height;
    for (let y = 0; y < height; y++) {
      const row = moves[from + y]!,
        hole = moves[rowHoles + y]!;
      for (let x = 0; x < width; x++, at++) {
        const column = moves[columns + x]!;
        const isBlack = row < 0 || column < 0 || (hole & moves[columnHoles + x]!) !== 0;
        sources[at] = isBlack ? -1 : row * width + column;
      }
    }
  }
  return sources;
}

export const imageKernels: KernelRows<ImageKernels<Tensor>> = {
  // On the host: no other backend has an operation on uint8.
  BakeoffGatherImages: {
    composed: ({ images }, { indices, scale, shift, moves }) => {
      const bytes = images.dataSync<'bool'>(),
        [, height = 0, width = 0] = images.shape,
        pixels = height * width,
        channels = scale.length;
      const sources = moves === null ? null : pixelSources(moves, [height, width]);
      const values = new Float32Array(indices.length * pixels * channels);
      indices.forEach((index, b) => {
        for (let pixel = 0; pixel < pixels; ++pixel) {
          const at = b * pixels + pixel,
            source = sources === null ? pixel : sources[at]!;
          for (let c = 0; c < channels; ++c)
            values[at * channels + c] =
              (source < 0 ? 0 : bytes[(index * pixels + source) * channels + c]!) * scale[c]! + shift[c]!;
        }
      });
      return tf.tensor(values, [indices.length, height, width, channels]);
    },
    gradient: null,
  },
};
const run = kernelRunner<ImageKernels<Tensor>>(imageKernels);

/** uint8 images [n, h, w, c] held by the current engine, one byte per value. Release them with dispose(). */
export interface DeviceImages {
  readonly shape: readonly [number, number, number, number];
  readonly tensor: Tensor;
  dispose(): void;
}

/** Passes images to the engine once, so that batches are gathered there. bytes: n * h * w * c values. */
export function uploadImages(bytes: Uint8Array, shape: readonly [number, number, number, number]): DeviceImages {
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== size)
    throw new Error(`Images of shape [${shape.join(', ')}] need ${size} bytes, received ${bytes.length}.`);
  // 'bool' is TensorFlow.js's one-byte dtype: the backends store its bytes unchanged. makeTensor, unlike tf.tensor,
  // neither copies nor inspects them; keep: the images outlive any tidy.
  const tensor = tf.engine().keep(tf.engine().makeTensor(bytes, [...shape], 'bool'));
  return { shape: [...shape] as [number, number, number, number], tensor, dispose: () => tensor.dispose() };
}

/**
 * Batch of images by index, with their pixels moved if `moves` says so: float32 [indices.length, h, w, c], value =
 * pixel * scale[c] + shift[c].
 */
export function gatherImages(
  images: DeviceImages,
  indices: Int32Array,
  { scale, shift }: PixelTransform,
  moves: PixelMoves | null = null,
): Tensor4D {
  const [count, , , channels] = images.shape;
  if (scale.length !== channels || shift.length !== channels)
    throw new Error(
      `Images of ${channels} channels need the same number of scales and shifts, received ${scale.length} and ${shift.length}.`,
    );
  for (const index of indices)
    if (index < 0 || index >= count) throw new RangeError(`Image index ${index} is not in [0, ${count}).`);
  if (moves !== null) checkMoves(moves, indices.length, images.shape);
  return run('BakeoffGatherImages', { images: images.tensor }, { indices, scale, shift, moves }) as Tensor4D;
}

/** Kernels read memory at these places without looking. */
function checkMoves(moves: PixelMoves, batch: number, [, height, width]: DeviceImages['shape']): void {
  const each = 2 * (height + width);
  if (moves.length !== batch * each)
    throw new Error(
      `Moves of ${batch} images of ${height}x${width} are ${batch * each} values, received ${moves.length}.`,
    );
  for (let from = 0; from < moves.length; from += each)
    for (let i = 0; i < height + width; i++) {
      const source = moves[from + i]!,
        extent = i < height ? height : width;
      if (source < -1 || source >= extent)
        throw new RangeError(`A moved pixel comes from ${source}, which is not in [-1, ${extent}).`);
    }
}
