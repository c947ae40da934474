import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { dropoutFactors } from './dropout-hash.ts';
import { at, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface DropoutAttributes {
  /** Probability of dropping, in [0, 1). */
  rate: number;
  /** uint32; see dropoutKey. */
  key: number;
  /** One decision per sample and channel instead of one per element. */
  perChannel: boolean;
}

export interface DropoutKernels<T> {
  BakeoffDropout(inputs: { x: T }, attrs: DropoutAttributes): T;
}

export const dropoutKernels: KernelRows<DropoutKernels<Tensor>> = {
  BakeoffDropout: {
    composed: ({ x }, { rate, key, perChannel }) =>
      tf.tidy(() => {
        const shape = perChannel
          ? x.shape.map((length, axis) => (axis === 0 || axis === x.rank - 1 ? length : 1))
          : x.shape;
        return tf.mul(x, tf.tensor(dropoutFactors(tf.util.sizeFromShape(shape), key, rate), shape));
      }),
    gradient: {
      inputs: [],
      outputs: [],
      by: (dys, _saved, attrs) => ({ x: () => run('BakeoffDropout', { x: at(dys, 0) }, attrs) }),
    },
  },
};
const run = kernelRunner<DropoutKernels<Tensor>>(dropoutKernels);

/**
 * Keeps element i iff dropoutHash(i, key) ≥ rate * 2³² and scales it by 1 / (1 - rate); with perChannel the index is n
 * * C + c for the whole channel c of sample n. The mask depends only on (key, shape), is the same on every engine, and
 * the gradient is the same call on dy.
 */
export function dropout<T extends Tensor>(x: T, { rate, key, perChannel }: DropoutAttributes): T {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`Dropout rate ${rate} is not in [0, 1).`);
  if (perChannel && x.rank < 2)
    throw new RangeError(`Dropout by channel needs a batch and a channel axis, received rank ${x.rank}.`);
  return run('BakeoffDropout', { x }, { rate, key, perChannel }) as T;
}
