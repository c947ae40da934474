import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { reluGrad, tanhGrad } from './activation.ts';
import { biasGrad } from './convolution.ts';
import { at, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export type DenseActivation = 'relu' | 'tanh';

export interface DenseKernels<T> {
  BakeoffDense(inputs: { x: T; weights: T; bias?: T }, attrs: { activation?: DenseActivation }): T;
  BakeoffDenseGradInput(inputs: { dy: T; weights: T }, attrs: Record<string, never>): T;
  BakeoffDenseGradWeights(inputs: { x: T; dy: T }, attrs: Record<string, never>): T;
}

export const denseKernels: KernelRows<DenseKernels<Tensor>> = {
  BakeoffDense: {
    composed: ({ x, weights, bias }, { activation }) =>
      tf.tidy(() => {
        const product = tf.matMul(x, weights);
        const raised = bias ? tf.add(product, bias) : product;
        if (activation === 'relu') return tf.relu(raised);
        return activation === 'tanh' ? tf.tanh(raised) : raised;
      }),
    gradient: {
      inputs: ['x', 'weights'],
      outputs: [true],
      by: (dys, saved, { activation }) => {
        const x = at(saved, 0),
          weights = at(saved, 1),
          y = at(saved, 2);
        let dy = at(dys, 0);
        if (activation) dy = activation === 'relu' ? reluGrad(dy, y) : tanhGrad(dy, y);
        return {
          x: () => run('BakeoffDenseGradInput', { dy, weights }, {}),
          weights: () => run('BakeoffDenseGradWeights', { x, dy }, {}),
          bias: () => biasGrad(dy),
        };
      },
    },
  },
  BakeoffDenseGradInput: {
    composed: ({ dy, weights }) => tf.matMul(dy, weights, false, true),
    gradient: null,
  },
  BakeoffDenseGradWeights: {
    composed: ({ x, dy }) => tf.matMul(x, dy, true, false),
    gradient: null,
  },
};
const run = kernelRunner<DenseKernels<Tensor>>(denseKernels);

/** x [n, in] times weights [in, out], plus bias [out] if given, then the activation if given; float32 [n, out]. */
export function dense(x: Tensor2D, weights: Tensor2D, bias: Tensor1D | null, activation?: DenseActivation): Tensor2D {
  return run('BakeoffDense', bias ? { x, weights, bias } : { x, weights }, { activation }) as Tensor2D;
}

/**
 * Gradient of a dense layer (before its activation) with respect to its input: dy [n, out] times weights transposed.
 */
export function denseGradInput(dy: Tensor2D, weights: Tensor2D): Tensor2D {
  return run('BakeoffDenseGradInput', { dy, weights }, {}) as Tensor2D;
}

/** Gradient of a dense layer (before its activation) with respect to its weights: x transposed times dy. */
export function denseGradWeights(x: Tensor2D, dy: Tensor2D): Tensor2D {
  return run('BakeoffDenseGradWeights', { x, dy }, {}) as Tensor2D;
}
