import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '../kernel-contract.ts';

export const denseKernels: KernelFamily<Tensor, 'BakeoffDense' | 'BakeoffDenseGradInput' | 'BakeoffDenseGradWeights'> =
  {
    BakeoffDense: ({ x, weights, bias }, { activation }) =>
      tf.tidy(() => {
        const product = tf.matMul(x, weights);
        const raised = bias ? tf.add(product, bias) : product;
        if (activation === 'relu') return tf.relu(raised);
        return activation === 'tanh' ? tf.tanh(raised) : raised;
      }),
    BakeoffDenseGradInput: ({ dy, weights }) => tf.matMul(dy, weights, false, true),
    BakeoffDenseGradWeights: ({ x, dy }) => tf.matMul(x, dy, true, false),
  };
