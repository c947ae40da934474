import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '../kernel-contract.ts';

function flatten(tensors: readonly Tensor[]): Tensor {
  return tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));
}

/** Gives each parameter its part of a vector of all their elements. */
function assignParts(parameters: readonly Tensor[], vector: Tensor): void {
  const parts = tf.split(
    vector,
    parameters.map(({ size }) => size),
  );
  parameters.forEach((parameter, i) => (parameter as Variable).assign(tf.reshape(parts[i] as Tensor, parameter.shape)));
}

export const optimizerKernels: KernelFamily<Tensor, 'BakeoffAdamUpdate' | 'BakeoffSgdUpdate'> = {
  BakeoffAdamUpdate: (
    { parameters, gradients, m, v },
    { learningRate, beta1, beta2, epsilon, l2, weightDecay, step },
  ) => {
    tf.tidy(() => {
      const parameter = flatten(parameters),
        gradient = flatten(gradients);
      const g = l2 ? tf.add(gradient, tf.mul(parameter, l2)) : gradient;
      const mean = tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1));
      const square = tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2));
      const denominator = tf.add(tf.div(tf.sqrt(square), Math.sqrt(1 - beta2 ** step)), epsilon);
      const decayed = tf.mul(parameter, 1 - learningRate * weightDecay);
      (m as Variable).assign(mean);
      (v as Variable).assign(square);
      assignParts(parameters, tf.sub(decayed, tf.div(tf.mul(mean, learningRate / (1 - beta1 ** step)), denominator)));
    });
    return [];
  },

  BakeoffSgdUpdate: ({ parameters, gradients, velocity }, { learningRate, momentum, nesterov, l2, step }) => {
    tf.tidy(() => {
      const parameter = flatten(parameters),
        gradient = flatten(gradients);
      let direction = l2 ? tf.add(gradient, tf.mul(parameter, l2)) : gradient;
      if (velocity) {
        const kept = step === 1 ? tf.clone(direction) : tf.add(tf.mul(velocity, momentum), direction);
        (velocity as Variable).assign(kept);
        direction = nesterov ? tf.add(direction, tf.mul(kept, momentum)) : kept;
      }
      assignParts(parameters, tf.sub(parameter, tf.mul(direction, learningRate)));
    });
    return [];
  },
};
