import type { Tensor, Tensor1D, Variable } from '@tensorflow/tfjs-core';
import { runKernel } from '../run-kernel.ts';

export interface BatchNormSettings {
  /** Added to the variance. */
  readonly epsilon: number;
  readonly relu?: boolean;
  /** Moved as PyTorch does: running += momentum * (new - running), with the new variance unbiased by count / (count - 1), count values per channel. */
  readonly running?: { readonly mean: Variable; readonly variance: Variable; readonly momentum: number };
}

export interface BatchNormOutput<T extends Tensor> {
  y: T;
  /** What batchNormGrad needs: the engine's own layout of the batch's statistics. The caller disposes each. */
  statistics: Tensor[];
}

/** Training-mode batch norm over all axes but the last, then ReLU where asked (S. Ioffe, C. Szegedy, ICML 2015). */
export function batchNorm<T extends Tensor>(x: T, gamma: Tensor1D, beta: Tensor1D, { epsilon, relu = false, running }: BatchNormSettings): BatchNormOutput<T> {
  const count = x.size / gamma.size;
  if (running && !(count > 1)) throw new RangeError(`Batch norm in training needs more than one value per channel, received ${count}.`);
  const inputs = running ? { x, gamma, beta, runningMean: running.mean, runningVariance: running.variance } : { x, gamma, beta };
  const [y, ...statistics] = runKernel('BakeoffBatchNorm', inputs, { epsilon, momentum: running?.momentum ?? 0, relu });
  return { y: y as T, statistics };
}

/** Gradients of batchNorm with the same epsilon; y is its output, needed only when it applied ReLU (null otherwise). */
export function batchNormGrad<T extends Tensor>(x: T, dy: T, y: T | null, gamma: Tensor1D, statistics: readonly Tensor[], { epsilon, relu = false }: { epsilon: number; relu?: boolean }): { dx: T; dGamma: Tensor1D; dBeta: Tensor1D } {
  if (relu && !y) throw new Error('batchNormGrad needs the output y when batch norm applied ReLU.');
  const [dx, dGamma, dBeta] = runKernel('BakeoffBatchNormGrad', relu && y ? { x, dy, y, gamma, statistics } : { x, dy, gamma, statistics }, { epsilon, relu });
  return { dx: dx as T, dGamma: dGamma as Tensor1D, dBeta: dBeta as Tensor1D };
}

/** x * scale + shift by channel, then ReLU where asked: batch norm in inference, its statistics folded into two vectors. */
export function scaleShift<T extends Tensor>(x: T, scale: Tensor1D, shift: Tensor1D, { relu = false }: { relu?: boolean } = {}): T {
  return runKernel('BakeoffScaleShift', { x, scale, shift }, { relu }) as T;
}
