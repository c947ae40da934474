import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface ClipKernels<T> {
  /** Returns the gradients, in their order. */
  BakeoffClipByGlobalNorm(inputs: { gradients: readonly T[] }, attrs: { maximum: number }): T[];
}

/** Values that are added one after another: few, because float32 sums of many lose digits. */
const RUN = 256;

/** The sum of a vector of float32 values, to about 1e-6 of it: sums of runs, then of their sums. */
function sumOf(vector: Tensor): Scalar {
  if (vector.size === 1) return tf.reshape(vector, []);
  const rows = Math.ceil(vector.size / RUN);
  const padded = tf.pad(vector, [[0, rows * RUN - vector.size]]);
  return sumOf(tf.sum(tf.reshape(padded, [rows, RUN]), 1));
}

export const clipKernels: KernelRows<ClipKernels<Tensor>> = {
  BakeoffClipByGlobalNorm: {
    composed: ({ gradients }, { maximum }) =>
      tf.tidy(() => {
        const flat = tf.concat(gradients.map((gradient) => tf.reshape(gradient, [-1])));
        const norm = tf.sqrt(sumOf(tf.square(flat)));
        const factor = tf.minimum(tf.div(maximum, tf.add(norm, 1e-6)), 1);
        return gradients.map((gradient) => tf.mul(gradient, factor));
      }),
    gradient: null,
  },
};
const run = kernelRunner<ClipKernels<Tensor>>(clipKernels);

/**
 * Gradients scaled so that their norm, over all of them together, is at most `maximum`, as
 * torch.nn.utils.clip_grad_norm_ does: times min(1, maximum / (norm + 1e-6)). New tensors of the same shapes.
 */
export function clipByGlobalNorm(gradients: readonly Tensor[], maximum: number): Tensor[] {
  return run('BakeoffClipByGlobalNorm', { gradients }, { maximum });
}
