import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import { rowsAndChannels } from './rows.ts';
import type { WasmAdapter } from './wasm-adapter.ts';

type Names = 'BakeoffBatchNorm' | 'BakeoffBatchNormGrad' | 'BakeoffScaleShift';

/** Rows of the tensor of statistics, see native/batch-norm.h. */
export const STATISTICS = 5;

/** Updates the running statistics, if there are any, with those of a batch of `rows` values per channel. */
export function moveRunning(
  adapter: WasmAdapter,
  statistics: TensorInfo,
  runningMean: TensorInfo | undefined,
  runningVariance: TensorInfo | undefined,
  momentum: number,
  rows: number,
): void {
  if (!runningMean || !runningVariance) return;
  const mean = adapter.writable(runningMean as Tensor),
    variance = adapter.writable(runningVariance as Tensor);
  adapter.kernels.updateRunning(
    adapter.address(statistics),
    mean,
    variance,
    runningMean.shape[0] ?? 0,
    momentum,
    rows / (rows - 1),
  );
}

export function batchNormKernels(adapter: WasmAdapter): KernelFamily<TensorInfo, Names> {
  const { kernels } = adapter;
  const address = (tensor: TensorInfo): number => adapter.address(tensor);
  return {
    BakeoffBatchNorm: ({ x, gamma, beta, residual, runningMean, runningVariance }, { epsilon, momentum, relu }) => {
      const { rows, channels } = rowsAndChannels(x.shape);
      const y = adapter.output(x.shape),
        statistics = adapter.output([STATISTICS, channels]);
      const scratch = adapter.scratch(kernels.batchNormScratch(channels));
      kernels.batchNormForward(
        address(x),
        address(gamma),
        address(beta),
        adapter.optional(residual),
        address(y),
        address(statistics),
        scratch,
        rows,
        channels,
        epsilon,
        Number(relu),
      );
      moveRunning(adapter, statistics, runningMean, runningVariance, momentum, rows);
      return [y, statistics];
    },
    BakeoffBatchNormGrad: ({ x, dy, y, gamma, statistics: [statistics] }, { relu, residual, inputRelu, overwrite }) => {
      const { rows, channels } = rowsAndChannels(x.shape);
      const dResidual = residual ? adapter.outputOver(dy, overwrite) : undefined;
      const dx = adapter.outputOver(dy, overwrite && !residual),
        dGamma = adapter.output([channels]),
        dBeta = adapter.output([channels]);
      const scratch = adapter.scratch(kernels.batchNormScratch(channels));
      kernels.batchNormBackward(
        address(x),
        address(dy),
        adapter.optional(y),
        address(gamma),
        adapter.optional(statistics),
        address(dx),
        address(dGamma),
        address(dBeta),
        adapter.optional(dResidual),
        scratch,
        rows,
        channels,
        Number(relu),
        Number(inputRelu),
      );
      return dResidual ? [dx, dGamma, dBeta, dResidual] : [dx, dGamma, dBeta];
    },
    BakeoffScaleShift: ({ x, scale, shift }, { relu }) => {
      const { rows, channels } = rowsAndChannels(x.shape);
      const y = adapter.output(x.shape);
      kernels.scaleShift(address(x), address(scale), address(shift), address(y), rows, channels, Number(relu));
      return y;
    },
  };
}
