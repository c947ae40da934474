import { backend, type Tensor, type Tensor1D, type Tensor4D, type TensorInfo } from '@tensorflow/tfjs-core';
import {
  type BatchNormGradAttributes,
  type BatchNormGradSettings,
  type BatchNormKernels,
  batchNormKernels,
  type BatchNormSettings,
  checkValuesPerChannel,
} from './batch-norm.ts';
import { type Convolution, type ConvolutionKernels, convolutionKernels } from './convolution.ts';
import { composedKernels, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';
import { outputShape, type WindowAttributes } from './window.ts';

/** Kernels for pairs of others: a backend without them runs the pair. */
export interface PairedKernels<T> {
  /**
   * BakeoffConv2D, followed by ReLU with convolutionRelu, then BakeoffBatchNorm of its output z: returns z, y,
   * statistics.
   */
  BakeoffConv2DBatchNorm(
    inputs: { x: T; filter: T; bias?: T; gamma: T; beta: T; residual?: T; runningMean?: T; runningVariance?: T },
    attrs: WindowAttributes & { convolutionRelu: boolean; epsilon: number; momentum: number; relu: boolean },
  ): [T, T, ...T[]];
  /**
   * BakeoffBatchNormGrad, then the gradients of the convolution before it: returns dFilter, dGamma, dBeta and, if
   * requested, dBias, dx and the residual's gradient.
   */
  BakeoffConv2DBatchNormGrad(
    inputs: { x: T; filter: T; z: T; dy: T; y?: T; gamma: T; statistics: readonly T[]; onto?: T },
    attrs: WindowAttributes &
      Omit<BatchNormGradAttributes, 'inputRelu'> & {
        convolutionRelu: boolean;
        wantsBias: boolean;
        wantsInput: boolean;
        overwriteOnto: boolean;
      },
  ): [T, T, T, ...T[]];
}

type SingleKernels<T> = ConvolutionKernels<T> & Pick<BatchNormKernels<T>, 'BakeoffBatchNorm' | 'BakeoffBatchNormGrad'>;

/** Frees an intermediate result between two kernels: a tensor, or data that only the backend knows. */
function release(between: TensorInfo): void {
  if ('dispose' in between) (between as Tensor).dispose();
  else backend().disposeData(between.dataId);
}

/** The paired kernels, computed by one of a backend's kernels after the other. */
export function pairKernels<T extends TensorInfo>(kernels: SingleKernels<T>): PairedKernels<T> {
  return {
    BakeoffConv2DBatchNorm: ({ x, filter, bias, ...norm }, { stride, padding, convolutionRelu, ...attrs }) => {
      const z = kernels.BakeoffConv2D(bias ? { x, filter, bias } : { x, filter }, {
        stride,
        padding,
        relu: convolutionRelu,
      });
      return [z, ...kernels.BakeoffBatchNorm({ x: z, ...norm }, attrs)];
    },
    BakeoffConv2DBatchNormGrad: (
      { x, filter, z, onto, ...norm },
      { stride, padding, convolutionRelu, wantsBias, wantsInput, overwriteOnto, ...attrs },
    ) => {
      const window = { stride, padding };
      const [dz, dGamma, dBeta, dResidual] = kernels.BakeoffBatchNormGrad(
        { x: z, ...norm },
        { ...attrs, inputRelu: convolutionRelu },
      );
      const dFilter = kernels.BakeoffConv2DGradFilter({ x, dy: dz }, { ...window, filterShape: filter.shape });
      const dBias = wantsBias ? [kernels.BakeoffBiasGrad({ dy: dz }, {})] : [];
      const dx = wantsInput
        ? [
            kernels.BakeoffConv2DGradInput(
              { dy: dz, filter, ...(onto && { onto }) },
              { ...window, overwriteOnto, inputShape: x.shape },
            ),
          ]
        : [];
      release(dz);
      return [dFilter, dGamma, dBeta, ...dBias, ...dx, ...(dResidual ? [dResidual] : [])];
    },
  };
}

const composedPairs = pairKernels<Tensor>({
  ...composedKernels(convolutionKernels),
  ...composedKernels(batchNormKernels),
});

export const pairedKernels: KernelRows<PairedKernels<Tensor>> = {
  BakeoffConv2DBatchNorm: {
    composed: (inputs, attrs) => composedPairs.BakeoffConv2DBatchNorm(inputs, attrs),
    gradient: null,
  },
  BakeoffConv2DBatchNormGrad: {
    composed: (inputs, attrs) => composedPairs.BakeoffConv2DBatchNormGrad(inputs, attrs),
    gradient: null,
  },
};
const run = kernelRunner<PairedKernels<Tensor>>(pairedKernels);

export interface ConvolutionBatchNormOutput {
  /** The convolution's output, after its ReLU. */
  z: Tensor4D;
  y: Tensor4D;
  /** See BatchNormOutput. */
  statistics: Tensor[];
}

/**
 * conv2d, followed by ReLU with convolutionRelu, then batchNorm with its residual and ReLU. The results are the same
 * within rounding, but take fewer passes over memory if the engine can fuse them. Its gradient is conv2dBatchNormGrad;
 * tf.grad cannot differentiate it.
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
  const [z, y, ...statistics] = run('BakeoffConv2DBatchNorm', inputs, {
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
  /** Whether to return dBias: without convolutionRelu, batch norm cancels a bias, whose gradient is 0. */
  readonly wantsBias: boolean;
  /** Whether to return dx. */
  readonly wantsInput: boolean;
  /** Added to dx; has x's shape. With overwriteOnto, its memory may be reused. */
  readonly onto?: Tensor4D | null;
  readonly overwriteOnto?: boolean;
}

export interface ConvolutionBatchNormGradients {
  dFilter: Tensor4D;
  dGamma: Tensor1D;
  dBeta: Tensor1D;
  /** Only with wantsBias. */
  dBias: Tensor1D | undefined;
  /** Only with wantsInput. */
  dx: Tensor4D | undefined;
  /** Only with residual. */
  dResidual: Tensor4D | undefined;
}

/**
 * Gradients of conv2dBatchNorm from dy [n, h, w, o]; z, y (needed only with relu, else null) and statistics are its
 * outputs.
 */
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
  const [dFilter, dGamma, dBeta, ...others] = run('BakeoffConv2DBatchNormGrad', inputs, {
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
