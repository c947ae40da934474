import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '../kernel-contract.ts';

export const lossKernels: KernelFamily<Tensor, 'BakeoffSoftmaxCrossEntropy'> = {
  BakeoffSoftmaxCrossEntropy: ({ logits, labels }) =>
    tf.tidy(() => {
      const [batch = 1, classes = 1] = logits.shape;
      const hot = tf.cast(tf.oneHot(labels as Tensor1D, classes), 'float32');
      const logProbabilities = tf.logSoftmax(logits);
      const losses = tf.neg(tf.sum(tf.mul(hot, logProbabilities), 1));
      const correct = tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32');
      return [losses, correct, tf.div(tf.sub(tf.exp(logProbabilities), hot), batch)];
    }),
};
