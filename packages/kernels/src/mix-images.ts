import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface MixKernels<T> {
  BakeoffMixImages(inputs: { first: T; second: T }, attrs: { share: number }): T;
}

export const mixKernels: KernelRows<MixKernels<Tensor>> = {
  BakeoffMixImages: {
    composed: ({ first, second }, { share }) => tf.tidy(() => tf.add(tf.mul(first, share), tf.mul(second, 1 - share))),
    gradient: {
      inputs: [],
      outputs: [],
      by: ([dy], _saved, { share }) => ({
        first: () => tf.mul(dy!, share),
        second: () => tf.mul(dy!, 1 - share),
      }),
    },
  },
};
const run = kernelRunner<MixKernels<Tensor>>(mixKernels);

/** share · first + (1 − share) · second: float32 batches of one shape (Zhang et al. 2018, arXiv:1710.09412). */
export function mixImages(first: Tensor4D, second: Tensor4D, share: number): Tensor4D {
  return run('BakeoffMixImages', { first, second }, { share }) as Tensor4D;
}
