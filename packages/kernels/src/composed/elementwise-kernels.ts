import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { dropoutFactors } from '../dropout-hash.ts';
import type { KernelFamily } from '../kernel-contract.ts';

export const elementwiseKernels: KernelFamily<
  Tensor,
  'BakeoffReluGrad' | 'BakeoffTanhGrad' | 'BakeoffAddRelu' | 'BakeoffDropout'
> = {
  BakeoffReluGrad: ({ dy, y }) => tf.tidy(() => tf.mul(dy, tf.step(y))),
  BakeoffTanhGrad: ({ dy, y }) => tf.tidy(() => tf.mul(dy, tf.sub(1, tf.square(y)))),
  BakeoffAddRelu: ({ a, b }) => tf.tidy(() => tf.relu(tf.add(a, b))),
  BakeoffDropout: ({ x }, { rate, key, perChannel }) =>
    tf.tidy(() => {
      const shape = perChannel
        ? x.shape.map((length, axis) => (axis === 0 || axis === x.rank - 1 ? length : 1))
        : x.shape;
      return tf.mul(x, tf.tensor(dropoutFactors(tf.util.sizeFromShape(shape), key, rate), shape));
    }),
};
