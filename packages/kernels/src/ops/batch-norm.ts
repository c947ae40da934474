import type { Tensor, Tensor1D, Variable } from '@tensorflow/tfjs-core';
import { runKernel } from '../run-kernel.ts';

export interface BatchNormSettings {
  /** Added to the variance. */
  readonly epsilon: number;
  /** Added to what is normalised, before the ReLU: the end of a residual block. */
  readonly residual?: Tensor | null;
  readonly relu?: boolean;
  /** Moved as PyTorch does: running += momentum * (new - running), with the new variance unbiased by count / (count - 1), count values per channel. */
  readonly running?: { readonly mean: Variable; readonly variance: Variable; readonly momentum: number };
}

export interface BatchNormOutput<T extends Tensor> {
  y: T;
  /** What batchNormGrad needs: the engine's own layout of the batch's statistics. The caller disposes each. */
  statistics: Tensor[];
}

/** The unbiased variance that running statistics take in needs two values. */
export function checkValuesPerChannel(count: number): void {
  if (!(count > 1))
    throw new RangeError(`Batch norm in training needs more than one value per channel, received ${count}.`);
}

/** Training-mode batch norm over all axes but the last, then ReLU where asked (S. Ioffe, C. Szegedy, ICML 2015). */
export function batchNorm<T extends Tensor>(
  x: T,
  gamma: Tensor1D,
  beta: Tensor1D,
  { epsilon, residual = null, relu = false, running }: BatchNormSettings,
): BatchNormOutput<T> {
  if (running) checkValuesPerChannel(x.size / gamma.size);
  const inputs = {
    x,
    gamma,
    beta,
    ...(residual && { residual }),
    ...(running && { runningMean: running.mean, runningVariance: running.variance }),
  };
  const [y, ...statistics] = runKernel('BakeoffBatchNorm', inputs, { epsilon, momentum: running?.momentum ?? 0, relu });
  return { y: y as T, statistics };
}

export interface BatchNormGradSettings {
  readonly epsilon: number;
  readonly relu?: boolean;
  /** There was a residual before the ReLU: also returns its gradient, dy where the ReLU was open. Without a ReLU that is dy itself. */
  readonly residual?: boolean;
  /** x is a ReLU's output: dx is the gradient before that ReLU. */
  readonly inputRelu?: boolean;
  /** dy is not read afterwards: its memory may be used. */
  readonly overwrite?: boolean;
}

export interface BatchNormGradients<T extends Tensor> {
  dx: T;
  dGamma: Tensor1D;
  dBeta: Tensor1D;
  /** With `residual` only. */
  dResidual: T | undefined;
}

/** Gradients of batchNorm with the same epsilon; y is its output, needed only when it applied ReLU (null otherwise). */
export function batchNormGrad<T extends Tensor>(
  x: T,
  dy: T,
  y: T | null,
  gamma: Tensor1D,
  statistics: readonly Tensor[],
  settings: BatchNormGradSettings,
): BatchNormGradients<T> {
  const { epsilon, relu = false, residual = false, inputRelu = false, overwrite = false } = settings;
  if (relu && !y) throw new Error('batchNormGrad needs the output y when batch norm applied ReLU.');
  if (residual && !relu)
    throw new Error('batchNormGrad gives the gradient of a residual before a ReLU; without one it is dy.');
  const attributes = { epsilon, relu, residual, inputRelu, overwrite };
  const [dx, dGamma, dBeta, dResidual] = runKernel(
    'BakeoffBatchNormGrad',
    relu && y ? { x, dy, y, gamma, statistics } : { x, dy, gamma, statistics },
    attributes,
  );
  return { dx: dx as T, dGamma: dGamma as Tensor1D, dBeta: dBeta as Tensor1D, dResidual: dResidual as T | undefined };
}

/** x * scale + shift by channel, then ReLU where asked: batch norm in inference, its statistics folded into two vectors. */
export function scaleShift<T extends Tensor>(
  x: T,
  scale: Tensor1D,
  shift: Tensor1D,
  { relu = false }: { relu?: boolean } = {},
): T {
  return runKernel('BakeoffScaleShift', { x, scale, shift }, { relu }) as T;
}
