import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '../kernel-contract.ts';

export const imageKernels: KernelFamily<Tensor, 'BakeoffGatherImages'> = {
  // On the host: no other backend has an operation on uint8.
  BakeoffGatherImages: ({ images }, { indices, scale, shift }) => {
    const bytes = images.dataSync<'bool'>(),
      shape = images.shape.slice(1),
      size = tf.util.sizeFromShape(shape),
      channels = scale.length;
    const values = new Float32Array(indices.length * size);
    indices.forEach((index, b) => {
      for (let i = 0; i < size; ++i)
        values[b * size + i] = (bytes[index * size + i] ?? 0) * (scale[i % channels] ?? 1) + (shift[i % channels] ?? 0);
    });
    return tf.tensor(values, [indices.length, ...shape]);
  },
};
