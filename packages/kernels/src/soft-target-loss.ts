import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { at, type KernelRows } from './kernel-row.ts';
import type { CrossEntropy } from './loss.ts';
import { kernelRunner } from './run-kernel.ts';

export interface SoftTargetLossKernels<T> {
  /** Returns losses, correct, dLogits; everything float32. */
  BakeoffSoftTargetCrossEntropy(inputs: { logits: T; targets: T; answers: T }, attrs: Record<string, never>): [T, T, T];
}

export const softTargetLossKernels: KernelRows<SoftTargetLossKernels<Tensor>> = {
  BakeoffSoftTargetCrossEntropy: {
    composed: ({ logits, targets, answers }) =>
      tf.tidy(() => {
        const [batch = 1, classes = 1] = logits.shape;
        const logProbabilities = tf.logSoftmax(logits);
        const losses = tf.neg(tf.sum(tf.mul(targets, logProbabilities), 1));
        // As float32: TensorFlow keeps int32 results of GPUs on the host, and would wait for them.
        const largest = tf.cast(tf.expandDims(tf.argMax(logits, 1), 1), 'float32');
        const chosen = tf.cast(tf.equal(largest, tf.range(0, classes, 1, 'float32')), 'float32');
        const mass = tf.sum(targets, 1, true);
        const dLogits = tf.div(tf.sub(tf.mul(tf.exp(logProbabilities), mass), targets), batch);
        return [losses, tf.sum(tf.mul(answers, chosen), 1), dLogits];
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
const run = kernelRunner<SoftTargetLossKernels<Tensor>>(softTargetLossKernels);

/** What a batch is trained towards; float32 [n, classes] each, at least 0. */
export interface SoftTargets {
  /** Need not sum to 1: the sum is the image's weight. */
  readonly targets: Tensor2D;
  /** The share that an answer is right, by class: one-hot, or mixed. */
  readonly answers: Tensor2D;
}

/**
 * Cross entropy of softmax over logits [n, classes] with targets that are shares of classes, as
 * torch.nn.functional.cross_entropy's with class probabilities: losses are -Σ target · log softmax(logits), `correct` is
 * the answer's value at the first largest logit, dLogits the gradient of the mean loss.
 */
export function softTargetCrossEntropy(logits: Tensor2D, { targets, answers }: SoftTargets): CrossEntropy {
  const [losses, correct, dLogits] = run('BakeoffSoftTargetCrossEntropy', { logits, targets, answers }, {});
  return { losses, correct, dLogits } as CrossEntropy;
}
