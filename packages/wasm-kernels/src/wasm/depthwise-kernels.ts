import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import { symmetric } from './convolution-kernels.ts';
import type { WasmAdapter } from './wasm-adapter.ts';

type Names = 'BakeoffDepthwiseConv2D' | 'BakeoffDepthwiseConv2DGradInput' | 'BakeoffDepthwiseConv2DGradFilter';

export function depthwiseKernels(adapter: WasmAdapter): KernelFamily<TensorInfo, Names> {
  const { kernels } = adapter;
  return {
    BakeoffDepthwiseConv2D: ({ x, filter, bias }, { stride, padding, relu }) => {
      const g = symmetric(x.shape, filter.shape, stride, padding);
      const y = adapter.output([g.batch, g.outHeight, g.outWidth, g.outChannels]);
      kernels.depthwiseForward(
        adapter.window(g),
        adapter.address(x),
        adapter.address(filter),
        adapter.optional(bias),
        adapter.address(y),
        Number(relu),
      );
      return y;
    },
    BakeoffDepthwiseConv2DGradInput: ({ dy, filter }, { stride, padding, inputShape }) => {
      const dx = adapter.output(inputShape);
      kernels.depthwiseGradInput(
        adapter.window(symmetric(inputShape, filter.shape, stride, padding)),
        adapter.address(dy),
        adapter.address(filter),
        adapter.address(dx),
      );
      return dx;
    },
    BakeoffDepthwiseConv2DGradFilter: ({ x, dy }, { stride, padding, filterShape }) => {
      const dFilter = adapter.output(filterShape);
      kernels.depthwiseGradFilter(
        adapter.window(symmetric(x.shape, filterShape, stride, padding)),
        adapter.address(x),
        adapter.address(dy),
        adapter.address(dFilter),
      );
      return dFilter;
    },
  };
}
