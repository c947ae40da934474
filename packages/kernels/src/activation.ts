import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { at, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface Overwriting {
  /** Nothing reads dy afterwards, so an engine may reuse its memory. */
  overwrite: boolean;
}

export interface ActivationKernels<T> {
  BakeoffReluGrad(inputs: { dy: T; y: T }, attrs: Overwriting): T;
  BakeoffTanhGrad(inputs: { dy: T; y: T }, attrs: Record<string, never>): T;
  BakeoffAddRelu(inputs: { a: T; b: T }, attrs: Record<string, never>): T;
}

export const activationKernels: KernelRows<ActivationKernels<Tensor>> = {
  BakeoffReluGrad: {
    composed: ({ dy, y }) => tf.tidy(() => tf.mul(dy, tf.step(y))),
    gradient: null,
  },
  BakeoffTanhGrad: {
    composed: ({ dy, y }) => tf.tidy(() => tf.mul(dy, tf.sub(1, tf.square(y)))),
    gradient: null,
  },
  BakeoffAddRelu: {
    composed: ({ a, b }) => tf.tidy(() => tf.relu(tf.add(a, b))),
    gradient: {
      inputs: [],
      outputs: [true],
      by: (dys, saved) => {
        const gradient = reluGrad(at(dys, 0), at(saved, 0));
        return { a: () => gradient, b: () => tf.clone(gradient) };
      },
    },
  },
};
const run = kernelRunner<ActivationKernels<Tensor>>(activationKernels);

/**
 * dy where the ReLU's output y is positive, else 0. With `overwrite`, nothing reads dy afterwards, and the engine may
 * reuse its memory.
 */
export function reluGrad<T extends Tensor>(dy: T, y: T, { overwrite = false }: { overwrite?: boolean } = {}): T {
  return run('BakeoffReluGrad', { dy, y }, { overwrite }) as T;
}

/** dy * (1 - y²), with y the output of tanh. */
export function tanhGrad<T extends Tensor>(dy: T, y: T): T {
  return run('BakeoffTanhGrad', { dy, y }, {}) as T;
}

/** max(0, a + b), shapes equal: the end of a residual block. The gradient for both inputs is reluGrad(dy, y). */
export function addRelu<T extends Tensor>(a: T, b: T): T {
  return run('BakeoffAddRelu', { a, b }, {}) as T;
}

/** a + b. */
export function add<T extends Tensor>(a: T, b: T): T {
  return tf.add(a, b);
}
