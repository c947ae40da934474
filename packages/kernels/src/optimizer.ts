import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface AdamAttributes {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Added to the gradient as l2 * parameter (torch.optim.Adam's weight_decay). */
  l2: number;
  /** Decoupled decay: parameter *= 1 - learningRate * weightDecay first (torch.optim.AdamW). */
  weightDecay: number;
  /** Counted from 1. */
  step: number;
}

export interface SgdAttributes {
  learningRate: number;
  momentum: number;
  nesterov: boolean;
  l2: number;
  /** Counted from 1: the first step starts the velocity. */
  step: number;
}

export interface OptimizerKernels<T> {
  /** All parameters at once; m and v are vectors of all their elements, one parameter after another. */
  BakeoffAdamUpdate(
    inputs: { parameters: readonly T[]; gradients: readonly T[]; m: T; v: T },
    attrs: AdamAttributes,
  ): [];
  BakeoffSgdUpdate(
    inputs: { parameters: readonly T[]; gradients: readonly T[]; velocity?: T },
    attrs: SgdAttributes,
  ): [];
}

function flatten(tensors: readonly Tensor[]): Tensor {
  return tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));
}

/** Assigns each parameter its part of a vector of all their elements. */
function assignParts(parameters: readonly Tensor[], vector: Tensor): void {
  const parts = tf.split(
    vector,
    parameters.map(({ size }) => size),
  );
  parameters.forEach((parameter, i) => (parameter as Variable).assign(tf.reshape(parts[i]!, parameter.shape)));
}

export const optimizerKernels: KernelRows<OptimizerKernels<Tensor>> = {
  BakeoffAdamUpdate: {
    composed: ({ parameters, gradients, m, v }, { learningRate, beta1, beta2, epsilon, l2, weightDecay, step }) => {
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
    gradient: null,
  },
  BakeoffSgdUpdate: {
    composed: ({ parameters, gradients, velocity }, { learningRate, momentum, nesterov, l2, step }) => {
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
    gradient: null,
  },
};
const run = kernelRunner<OptimizerKernels<Tensor>>(optimizerKernels);

/** The parameters that an optimizer changes, and their gradients: float32, of the same shapes, in the same order. */
interface Update {
  readonly parameters: readonly Variable[];
  readonly gradients: readonly Tensor[];
}

function checkUpdate({ parameters, gradients }: Update, slots: readonly Variable[]): void {
  const sizes = parameters.map(({ size }) => size),
    total = sizes.reduce((sum, size) => sum + size, 0);
  if (gradients.length !== sizes.length || gradients.some(({ size }, i) => size !== sizes[i])) {
    throw new Error(
      `The gradients of parameters of sizes ${sizes.join(', ')} have sizes ${gradients.map(({ size }) => size).join(', ')}.`,
    );
  }
  for (const slot of slots)
    if (slot.rank !== 1 || slot.size !== total)
      throw new Error(
        `An optimizer of ${total} elements needs state of shape [${total}], received [${slot.shape.join(', ')}].`,
      );
}

/**
 * One step of torch.optim.Adam (l2, coupled) or torch.optim.AdamW (weightDecay, decoupled) over all parameters, in
 * PyTorch's order of operations. m and v are float32 vectors of the parameters' elements, one parameter after the
 * other. Parameters, m and v change in place; a tensor that shares a variable's data (a clone, a reshaped view) keeps
 * the old values.
 */
export function adamUpdate(
  tensors: Update & { readonly m: Variable; readonly v: Variable },
  attributes: AdamAttributes,
): void {
  const { parameters, gradients, m, v } = tensors;
  const { learningRate, beta1, beta2, epsilon, l2, weightDecay, step } = attributes;
  checkUpdate(tensors, [m, v]);
  run(
    'BakeoffAdamUpdate',
    { parameters, gradients, m, v },
    { learningRate, beta1, beta2, epsilon, l2, weightDecay, step },
  );
}

/**
 * One step of torch.optim.SGD; velocity is null without momentum, otherwise a vector like Adam's m (its initial content
 * is not read).
 */
export function sgdUpdate(tensors: Update & { readonly velocity: Variable | null }, attributes: SgdAttributes): void {
  const { parameters, gradients, velocity } = tensors;
  const { learningRate, momentum, nesterov, l2, step } = attributes;
  checkUpdate(tensors, velocity ? [velocity] : []);
  run('BakeoffSgdUpdate', velocity ? { parameters, gradients, velocity } : { parameters, gradients }, {
    learningRate,
    momentum,
    nesterov,
    l2,
    step,
  });
}
