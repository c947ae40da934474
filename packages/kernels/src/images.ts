import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface PixelTransform {
  /** Per channel: value = pixel * scale + shift. */
  scale: readonly number[];
  shift: readonly number[];
}

export interface ImageKernels<T> {
  /** images: uint8 bytes in a 'bool' tensor, the only one-byte dtype of TensorFlow.js. */
  BakeoffGatherImages(inputs: { images: T }, attrs: PixelTransform & { indices: Int32Array }): T;
}

export const imageKernels: KernelRows<ImageKernels<Tensor>> = {
  // On the host: no other backend has an operation on uint8.
  BakeoffGatherImages: {
    composed: ({ images }, { indices, scale, shift }) => {
      const bytes = images.dataSync<'bool'>(),
        shape = images.shape.slice(1),
        size = tf.util.sizeFromShape(shape),
        channels = scale.length;
      const values = new Float32Array(indices.length * size);
      indices.forEach((index, b) => {
        for (let i = 0; i < size; ++i)
          values[b * size + i] =
            (bytes[index * size + i] ?? 0) * (scale[i % channels] ?? 1) + (shift[i % channels] ?? 0);
      });
      return tf.tensor(values, [indices.length, ...shape]);
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

/** Batch of images by index: float32 [indices.length, h, w, c], value = pixel * scale[c] + shift[c]. */
export function gatherImages(images: DeviceImages, indices: Int32Array, { scale, shift }: PixelTransform): Tensor4D {
  const [count, , , channels] = images.shape;
  if (scale.length !== channels || shift.length !== channels)
    throw new Error(
      `Images of ${channels} channels need the same number of scales and shifts, received ${scale.length} and ${shift.length}.`,
    );
  for (const index of indices)
    if (index < 0 || index >= count) throw new RangeError(`Image index ${index} is not in [0, ${count}).`);
  return run('BakeoffGatherImages', { images: images.tensor }, { indices, scale, shift }) as Tensor4D;
}
