import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { DenseActivation } from '../kernel-contract.ts';
import { runKernel } from '../run-kernel.ts';

/** x [n, in] times weights [in, out], plus bias [out] where given, then the activation where given; float32 [n, out]. */
export function dense(x: Tensor2D, weights: Tensor2D, bias: Tensor1D | null, activation?: DenseActivation): Tensor2D {
  return runKernel('BakeoffDense', bias ? { x, weights, bias } : { x, weights }, { activation }) as Tensor2D;
}

/** Gradient of a dense layer (before its activation) by its input: dy [n, out] times weights transposed. */
export function denseGradInput(dy: Tensor2D, weights: Tensor2D): Tensor2D {
  return runKernel('BakeoffDenseGradInput', { dy, weights }, {}) as Tensor2D;
}

/** Gradient of a dense layer (before its activation) by its weights: x transposed times dy. */
export function denseGradWeights(x: Tensor2D, dy: Tensor2D): Tensor2D {
  return runKernel('BakeoffDenseGradWeights', { x, dy }, {}) as Tensor2D;
}
