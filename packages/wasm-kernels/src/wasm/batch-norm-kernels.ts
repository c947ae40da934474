import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '../kernel-contract.ts';
import { rowsAndChannels } from './rows.ts';
import type { WasmAdapter } from './wasm-adapter.ts';

type Names = 'BakeoffBatchNorm' | 'BakeoffBatchNormGrad' | 'BakeoffUpdateRunningStatistics' | 'BakeoffScaleShift';

export function batchNormKernels(adapter: WasmAdapter): KernelFamily<TensorInfo, Names> {
  const { kernels } = adapter;
  const address = (tensor: TensorInfo): number => adapter.address(tensor);
  return {
    BakeoffBatchNorm: ({ x, gamma, beta }, { epsilon, relu }) => {
      const { rows, channels } = rowsAndChannels(x.shape);
      const y = adapter.output(x.shape), statistics = adapter.output([3, channels]);
      const scratch = adapter.scratch(kernels.batchNormScratch(channels));
      kernels.batchNormForward(address(x), address(gamma), address(beta), address(y), address(statistics), scratch, rows, channels, epsilon, Number(relu));
      return [y, statistics];
    },
    BakeoffBatchNormGrad: ({ x, dy, y, gamma, statistics }, { relu }) => {
      const { rows, channels } = rowsAndChannels(x.shape);
      const dx = adapter.output(x.shape), dGamma = adapter.output([channels]), dBeta = adapter.output([channels]);
      const scratch = adapter.scratch(kernels.batchNormScratch(channels));
      kernels.batchNormBackward(address(x), address(dy), adapter.optional(y), address(gamma), address(statistics), address(dx), address(dGamma), address(dBeta), scratch, rows, channels, Number(relu));
      return [dx, dGamma, dBeta];
    },
    BakeoffUpdateRunningStatistics: ({ statistics, runningMean, runningVariance }, { momentum, count }) => {
      const mean = adapter.writable(runningMean as Tensor), variance = adapter.writable(runningVariance as Tensor);
      kernels.updateRunning(address(statistics), mean, variance, statistics.shape[1] ?? 0, momentum, count / (count - 1));
      return [];
    },
    BakeoffScaleShift: ({ x, scale, shift }, { relu }) => {
      const { rows, channels } = rowsAndChannels(x.shape);
      const y = adapter.output(x.shape);
      kernels.scaleShift(address(x), address(scale), address(shift), address(y), rows, channels, Number(relu));
      return y;
    },
  };
}
