import type { Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { runKernel } from '../run-kernel.ts';

export interface BatchNormOutput<T extends Tensor> {
  y: T;
  /** float32 [3, C]: mean, biased variance, 1 / sqrt(variance + epsilon). */
  statistics: Tensor2D;
}

/** Training-mode batch norm over all axes but the last, then ReLU where asked (S. Ioffe, C. Szegedy, ICML 2015). */
export function batchNorm<T extends Tensor>(x: T, gamma: Tensor1D, beta: Tensor1D, { epsilon, relu = false }: { epsilon: number; relu?: boolean }): BatchNormOutput<T> {
  const [y, statistics] = runKernel('BakeoffBatchNorm', { x, gamma, beta }, { epsilon, relu });
  return { y: y as T, statistics: statistics as Tensor2D };
}

/** Gradients of batchNorm; y is its output, needed only when it applied ReLU (null otherwise). */
export function batchNormGrad<T extends Tensor>(x: T, dy: T, y: T | null, gamma: Tensor1D, statistics: Tensor2D, { relu = false }: { relu?: boolean }): { dx: T; dGamma: Tensor1D; dBeta: Tensor1D } {
  if (relu && !y) throw new Error('batchNormGrad needs the output y when batch norm applied ReLU.');
  const [dx, dGamma, dBeta] = runKernel('BakeoffBatchNormGrad', relu && y ? { x, dy, y, gamma, statistics } : { x, dy, gamma, statistics }, { relu });
  return { dx: dx as T, dGamma: dGamma as Tensor1D, dBeta: dBeta as Tensor1D };
}

/**
 * PyTorch's running statistics: running += momentum * (new - running), with the new variance unbiased by count / (count - 1),
 * count being the number of values per channel.
 */
export function updateRunningStatistics(statistics: Tensor2D, runningMean: Variable, runningVariance: Variable, { momentum, count }: { momentum: number; count: number }): void {
  if (!(count > 1)) throw new RangeError(`Batch norm in training needs more than one value per channel, received ${count}.`);
  runKernel('BakeoffUpdateRunningStatistics', { statistics, runningMean, runningVariance }, { momentum, count });
}

/** x * scale + shift by channel, then ReLU where asked: batch norm in inference, its statistics folded into two vectors. */
export function scaleShift<T extends Tensor>(x: T, scale: Tensor1D, shift: Tensor1D, { relu = false }: { relu?: boolean } = {}): T {
  return runKernel('BakeoffScaleShift', { x, scale, shift }, { relu }) as T;
}
