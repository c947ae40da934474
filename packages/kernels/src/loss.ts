import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { at, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface LossKernels<T> {
  /** Returns losses, correct, dLogits; labels int32. */
  BakeoffSoftmaxCrossEntropy(inputs: { logits: T; labels: T }, attrs: Record<string, never>): [T, T, T];
}

export const lossKernels: KernelRows<LossKernels<Tensor>> = {
  BakeoffSoftmaxCrossEntropy: {
    composed: ({ logits, labels }) =>
      tf.tidy(() => {
        const [batch = 1, classes = 1] = logits.shape;
        const hot = tf.cast(tf.oneHot(labels as Tensor1D, classes), 'float32');
        const logProbabilities = tf.logSoftmax(logits);
        const losses = tf.neg(tf.sum(tf.mul(hot, logProbabilities), 1));
        const correct = tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32');
        return [losses, correct, tf.div(tf.sub(tf.exp(logProbabilities), hot), batch)];
      }),
    gradient: {
      inputs: [],
      outputs: [false, false, true],
      by: (dys, saved) => {
        const dLosses = at(dys, 0),
          dLogits = at(saved, 0),
          batch = dLogits.shape[0] ?? 1;
        return { logits: () => tf.mul(dLogits, tf.reshape(tf.mul(dLosses, batch), [batch, 1])) };
      },
    },
  },
};
const run = kernelRunner<LossKernels<Tensor>>(lossKernels);

export interface CrossEntropy {
  /** float32 [n]: -log softmax(logits)[label]. */
  losses: Tensor1D;
  /** float32 [n]: 1 where the first largest logit is the label's, else 0. */
  correct: Tensor1D;
  /** float32 [n, classes]: (softmax - one-hot) / n, the gradient of the mean loss. */
  dLogits: Tensor2D;
}

/** Cross entropy of softmax over logits [n, classes]; labels int32 [n] in [0, classes). */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): CrossEntropy {
  const [losses, correct, dLogits] = run('BakeoffSoftmaxCrossEntropy', { logits, labels }, {});
  return { losses: losses as Tensor1D, correct: correct as Tensor1D, dLogits: dLogits as Tensor2D };
}
