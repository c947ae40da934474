import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '../kernel-contract.ts';

export const optimizerKernels: KernelFamily<Tensor, 'BakeoffAdamUpdate' | 'BakeoffSgdUpdate'> = {
  BakeoffAdamUpdate: ({ parameter, gradient, m, v }, { learningRate, beta1, beta2, epsilon, l2, weightDecay, step }) => {
    tf.tidy(() => {
      const g = l2 ? tf.add(gradient, tf.mul(parameter, l2)) : gradient;
      const mean = tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1));
      const square = tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2));
      const denominator = tf.add(tf.div(tf.sqrt(square), Math.sqrt(1 - beta2 ** step)), epsilon);
      const decayed = tf.mul(parameter, 1 - learningRate * weightDecay);
      (m as Variable).assign(mean);
      (v as Variable).assign(square);
      (parameter as Variable).assign(tf.sub(decayed, tf.div(tf.mul(mean, learningRate / (1 - beta1 ** step)), denominator)));
    });
    return [];
  },

  BakeoffSgdUpdate: ({ parameter, gradient, velocity }, { learningRate, momentum, nesterov, l2, step }) => {
    tf.tidy(() => {
      let direction = l2 ? tf.add(gradient, tf.mul(parameter, l2)) : gradient;
      if (velocity) {
        const kept = step === 1 ? tf.clone(direction) : tf.add(tf.mul(velocity, momentum), direction);
        (velocity as Variable).assign(kept);
        direction = nesterov ? tf.add(direction, tf.mul(kept, momentum)) : kept;
      }
      (parameter as Variable).assign(tf.sub(parameter, tf.mul(direction, learningRate)));
    });
    return [];
  },
};
