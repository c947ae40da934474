import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dropoutThreshold } from '@bakeoff/kernels';
import type { KernelFamily } from '@bakeoff/kernels';
import { rowsAndChannels } from './rows.ts';
import type { WasmAdapter } from './wasm-adapter.ts';

export function elementwiseKernels(
  adapter: WasmAdapter,
): KernelFamily<
  TensorInfo,
  'BakeoffReluGrad' | 'BakeoffRelu6Grad' | 'BakeoffTanhGrad' | 'BakeoffAddRelu' | 'BakeoffDropout'
> {
  const { kernels } = adapter;
  const pairwise = (
    kernel: (a: number, b: number, to: number, n: number) => void,
    a: TensorInfo,
    b: TensorInfo,
    overwrite = false,
  ): TensorInfo => {
    const result = adapter.outputOver(a, overwrite);
    kernel(adapter.address(a), adapter.address(b), adapter.address(result), rowsAndChannels(a.shape).size);
    return result;
  };
  return {
    BakeoffReluGrad: ({ dy, y }, { overwrite }) => pairwise(kernels.reluGrad, dy, y, overwrite),
    BakeoffRelu6Grad: ({ dy, y }, { overwrite }) => pairwise(kernels.relu6Grad, dy, y, overwrite),
    BakeoffTanhGrad: ({ dy, y }) => pairwise(kernels.tanhGrad, dy, y),
    BakeoffAddRelu: ({ a, b }) => pairwise((x, z, to, n) => kernels.add(x, z, to, n, 1), a, b),
    BakeoffDropout: ({ x }, { rate, key, perChannel }) => {
      const y = adapter.output(x.shape);
      const { size, channels } = rowsAndChannels(x.shape),
        threshold = dropoutThreshold(rate),
        scale = 1 / (1 - rate);
      if (perChannel) {
        const batch = x.shape[0] ?? 1,
          scratch = adapter.scratch(kernels.dropoutChannelsScratch(channels));
        kernels.dropoutChannels(
          adapter.address(x),
          adapter.address(y),
          scratch,
          batch,
          size / (batch * channels),
          channels,
          key,
          threshold,
          scale,
        );
      } else {
        kernels.dropoutElements(adapter.address(x), adapter.address(y), size, key, threshold, scale);
      }
      return y;
    },
  };
}
