import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import type { TensorflowOps } from './tensorflow-ops.ts';

type Names = 'BakeoffBatchNorm' | 'BakeoffBatchNormGrad' | 'BakeoffScaleShift';

/**
 * Calls `use` on tensors reshaped to the four axes that TensorFlow's batch norm requires; its first output is reshaped
 * back.
 */
function asImages<Outputs extends Tensor[]>(
  ops: TensorflowOps,
  tensors: readonly Tensor[],
  use: (images: readonly Tensor[]) => Outputs,
): Outputs {
  const { shape, rank } = tensors[0]!;
  if (rank === 4) return use(tensors);
  const channels = shape.at(-1) ?? 1;
  const images = tensors.map((tensor) => ops.reshape(tensor, [1, 1, tensor.size / channels, channels]));
  const [y, ...rest] = use(images);
  for (const image of images) image.dispose();
  return [ops.replace(y!, 'Reshape', [ops.ints(shape)]), ...rest] as Outputs;
}

export function batchNormKernels(ops: TensorflowOps): KernelFamily<Tensor, Names> {
  return {
    // The operation's own running statistics are PyTorch's: (1 - factor) * old + factor * new, the new variance
    // unbiased.
    BakeoffBatchNorm: ({ x, gamma, beta, residual, runningMean, runningVariance }, { epsilon, momentum, relu }) => {
      const none = ops.floats([]);
      const attributes = [
        ops.real('epsilon', epsilon),
        ops.real('exponential_avg_factor', runningMean ? momentum : 1),
        ops.flag('is_training', true),
      ];
      const [normalized, mean, variance, ...statistics] = asImages(ops, [x], (images) =>
        ops.runMany(
          'FusedBatchNormV3',
          [...images, gamma, beta, runningMean ?? none, runningVariance ?? none],
          6,
          attributes,
        ),
      ) as [Tensor, Tensor, Tensor, ...Tensor[]];
      if (runningMean) (runningMean as Variable).assign(mean);
      if (runningVariance) (runningVariance as Variable).assign(variance);
      mean.dispose();
      variance.dispose();
      const y = residual ? ops.replace(normalized, 'AddV2', [residual]) : normalized;
      return [relu ? ops.replace(y, 'Relu') : y, ...statistics];
    },
    BakeoffBatchNormGrad: ({ x, dy, y, gamma, statistics }, { epsilon, relu, residual, inputRelu }) => {
      const gradient = relu && y ? ops.run('ReluGrad', [dy, y]) : dy;
      const attributes = [ops.real('epsilon', epsilon), ops.flag('is_training', true)];
      const [dx, dGamma, dBeta, ...unused] = asImages(ops, [x, gradient], ([image, dImage]) =>
        ops.runMany('FusedBatchNormGradV3', [dImage!, image!, gamma, ...statistics], 5, attributes),
      ) as [Tensor, Tensor, Tensor, ...Tensor[]];
      for (const tensor of unused) tensor.dispose();
      if (gradient !== dy && !residual) gradient.dispose();
      return [
        inputRelu ? ops.replace(dx, 'ReluGrad', [x]) : dx,
        dGamma,
        dBeta,
        ...(residual ? ([gradient] as const) : ([] as const)),
      ];
    },
    BakeoffScaleShift: ({ x, scale, shift }, { relu }) => {
      const y = ops.replace(ops.run('Mul', [x, scale]), 'AddV2', [shift]);
      return relu ? ops.replace(y, 'Relu') : y;
    },
  };
}
