import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '../kernel-contract.ts';
import { rowsAndChannels } from './rows.ts';
import type { WasmAdapter } from './wasm-adapter.ts';

type Names = 'BakeoffBatchNorm' | 'BakeoffBatchNormGrad' | 'BakeoffScaleShift';

export function batchNormKernels(adapter: WasmAdapter): KernelFamily<TensorInfo, Names> {
  const { kernels } = adapter;
  const address = (tensor: TensorInfo): number => adapter.address(tensor);
  return {
    BakeoffBatchNorm: ({ x, gamma, beta, runningMean, runningVariance }, { epsilon, momentum, relu }) => {
      const { rows, channels } = rowsAndChannels(x.shape);
      const y = adapter.output(x.shape), statistics = adapter.output([3, channels]);
      const scratch = adapter.scratch(kernels.batchNormScratch(channels));
      kernels.batchNormForward(address(x), address(gamma), address(beta), address(y), address(statistics), scratch, rows, channels, epsilon, Number(relu));
      if (runningMean && runningVariance) {
        const mean = adapter.writable(runningMean as Tensor), variance = adapter.writable(runningVariance as Tensor);
        kernels.updateRunning(address(statistics), mean, variance, channels, momentum, rows / (rows - 1));
      }
      return [y, statistics];
    },
    BakeoffBatchNormGrad: ({ x, dy, y, gamma, statistics: [statistics] }, { relu }) => {
      const { rows, channels } = rowsAndChannels(x.shape);
      const dx = adapter.output(x.shape), dGamma = adapter.output([channels]), dBeta = adapter.output([channels]);
      const scratch = adapter.scratch(kernels.batchNormScratch(channels));
      kernels.batchNormBackward(address(x), address(dy), adapter.optional(y), address(gamma), adapter.optional(statistics), address(dx), address(dGamma), address(dBeta), scratch, rows, channels, Number(relu));
      return [dx, dGamma, dBeta];
    },
    BakeoffScaleShift: ({ x, scale, shift }, { relu }) => {
      const { rows, channels } = rowsAndChannels(x.shape);
      const y = adapter.output(x.shape);
      kernels.scaleShift(address(x), address(scale), address(shift), address(y), rows, channels, Number(relu));
      return y;
    },
  };
}
