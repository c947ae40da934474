import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { runKernel } from '../run-kernel.ts';
import { outputShape } from '../window-shape.ts';
import { type BatchNormGradSettings, type BatchNormSettings, checkValuesPerChannel } from './batch-norm.ts';
import type { Convolution } from './convolution.ts';

export interface ConvolutionBatchNormOutput {
  /** The convolution's output, behind its ReLU. */
  z: Tensor4D;
  y: Tensor4D;
  /** See BatchNormOutput. */
  statistics: Tensor[];
}

/**
 * conv2d, with convolutionRelu then ReLU, then batchNorm with its residual and ReLU: the same results within rounding, but with fewer passes over memory where
 * the engine can. Its gradient is conv2dBatchNormGrad; tf.grad does not see through it.
 */
export function conv2dBatchNorm(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D | null,
  gamma: Tensor1D,
  beta: Tensor1D,
  settings: Convolution & BatchNormSettings & { convolutionRelu?: boolean },
): ConvolutionBatchNormOutput {
  const { stride, padding, convolutionRelu = false, epsilon, residual = null, relu = false, running } = settings;
  const [n, height, width] = outputShape(x.shape, [filter.shape[0], filter.shape[1]], filter.shape[3], stride, padding);
  if (running) checkValuesPerChannel(n * height * width);
  const inputs = {
    x,
    filter,
    gamma,
    beta,
    ...(bias && { bias }),
    ...(residual && { residual }),
    ...(running && { runningMean: running.mean, runningVariance: running.variance }),
  };
  const [z, y, ...statistics] = runKernel('BakeoffConv2DBatchNorm', inputs, {
    stride,
    padding,
    convolutionRelu,
    epsilon,
    momentum: running?.momentum ?? 0,
    relu,
  });
  return { z: z as Tensor4D, y: y as Tensor4D, statistics };
}

export interface ConvolutionBatchNormGradSettings extends Convolution, Omit<BatchNormGradSettings, 'inputRelu'> {
  /** The convolution ended in a ReLU. */
  readonly convolutionRelu?: boolean;
  /** Whether dBias is wanted: without convolutionRelu batch norm cancels a bias, whose gradient is 0. */
  readonly wantsBias: boolean;
  /** Whether dx is wanted. */
  readonly wantsInput: boolean;
  /** Added to dx: of x's shape; with overwriteOnto its memory may be used. */
  readonly onto?: Tensor4D | null;
  readonly overwriteOnto?: boolean;
}

export interface ConvolutionBatchNormGradients {
  dFilter: Tensor4D;
  dGamma: Tensor1D;
  dBeta: Tensor1D;
  /** With wantsBias only. */
  dBias: Tensor1D | undefined;
  /** With wantsInput only. */
  dx: Tensor4D | undefined;
  /** With residual only. */
  dResidual: Tensor4D | undefined;
}

/** Gradients of conv2dBatchNorm from dy [n, h, w, o]; z, y (needed only with relu, else null) and statistics are its outputs. */
export function conv2dBatchNormGrad(
  x: Tensor4D,
  filter: Tensor4D,
  z: Tensor4D,
  dy: Tensor4D,
  y: Tensor4D | null,
  gamma: Tensor1D,
  statistics: readonly Tensor[],
  settings: ConvolutionBatchNormGradSettings,
): ConvolutionBatchNormGradients {
  const {
    stride,
    padding,
    epsilon,
    relu = false,
    residual = false,
    convolutionRelu = false,
    overwrite = false,
    wantsBias,
    wantsInput,
    onto = null,
    overwriteOnto = false,
  } = settings;
  if (relu && !y) throw new Error('conv2dBatchNormGrad needs the output y when batch norm applied ReLU.');
  if (residual && !relu)
    throw new Error('conv2dBatchNormGrad gives the gradient of a residual before a ReLU; without one it is dy.');
  const inputs = { x, filter, z, dy, gamma, statistics, ...(relu && y && { y }), ...(onto && { onto }) };
  const [dFilter, dGamma, dBeta, ...others] = runKernel('BakeoffConv2DBatchNormGrad', inputs, {
    stride,
    padding,
    epsilon,
    relu,
    residual,
    convolutionRelu,
    overwrite,
    wantsBias,
    wantsInput,
    overwriteOnto,
  });
  const next = (isThere: boolean): Tensor | undefined => (isThere ? others.shift() : undefined);
  const dBias = next(wantsBias),
    dx = next(wantsInput),
    dResidual = next(residual);
  return {
    dFilter: dFilter as Tensor4D,
    dGamma: dGamma as Tensor1D,
    dBeta: dBeta as Tensor1D,
    dBias: dBias as Tensor1D | undefined,
    dx: dx as Tensor4D | undefined,
    dResidual: dResidual as Tensor4D | undefined,
  };
}
