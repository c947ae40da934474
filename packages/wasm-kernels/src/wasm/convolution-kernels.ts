import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import { outputShape } from '@bakeoff/kernels';
import { rowsAndChannels } from './rows.ts';
import type { WasmAdapter, WindowGeometry } from './wasm-adapter.ts';

type Names = 'BakeoffConv2D' | 'BakeoffConv2DGradInput' | 'BakeoffConv2DGradFilter' | 'BakeoffBiasGrad';

/** The geometry of a convolution with symmetric padding. */
export function symmetric(
  inputShape: readonly number[],
  filterShape: readonly number[],
  stride: number,
  padding: number,
): WindowGeometry {
  const [kernelHeight = 0, kernelWidth = 0, , outChannels = 0] = filterShape;
  const [batch = 0, inHeight = 0, inWidth = 0, inChannels = 0] = inputShape;
  const [, outHeight, outWidth] = outputShape(inputShape, [kernelHeight, kernelWidth], outChannels, stride, padding);
  return {
    batch,
    inHeight,
    inWidth,
    inChannels,
    outHeight,
    outWidth,
    outChannels,
    kernelHeight,
    kernelWidth,
    strideHeight: stride,
    strideWidth: stride,
    padTop: padding,
    padLeft: padding,
  };
}

/** Convolution of any geometry: by Winograd's algorithm if it applies, otherwise directly. */
export function convolve(
  adapter: WasmAdapter,
  g: WindowGeometry,
  x: TensorInfo,
  filter: TensorInfo,
  bias: TensorInfo | undefined,
  relu: boolean,
): TensorInfo {
  const { kernels } = adapter;
  const y = adapter.output([g.batch, g.outHeight, g.outWidth, g.outChannels]);
  const window = adapter.window(g);
  const fits = kernels.winogradSupports(window);
  const scratch = adapter.scratch(fits ? kernels.winogradScratch(window) : kernels.convForwardScratch(window));
  if (fits)
    kernels.winogradForward(
      window,
      adapter.address(x),
      adapter.address(filter),
      adapter.optional(bias),
      adapter.address(y),
      scratch,
      Number(relu),
    );
  else
    kernels.convForward(
      window,
      adapter.address(x),
      adapter.address(filter),
      adapter.optional(bias),
      adapter.address(y),
      scratch,
      Number(relu),
    );
  return y;
}

/**
 * The gradient with respect to the input, plus `onto` if given. If Winograd's algorithm applies, it is a convolution of
 * dy with the rotated filter.
 */
export function convolveGradInput(
  adapter: WasmAdapter,
  g: WindowGeometry,
  dy: TensorInfo,
  filter: TensorInfo,
  onto?: TensorInfo,
  overwriteOnto = false,
): TensorInfo {
  const { kernels } = adapter;
  const shape = [g.batch, g.inHeight, g.inWidth, g.inChannels];
  const turned = adapter.window({
    ...g,
    inHeight: g.outHeight,
    inWidth: g.outWidth,
    inChannels: g.outChannels,
    outHeight: g.inHeight,
    outWidth: g.inWidth,
    outChannels: g.inChannels,
  });
  if (kernels.winogradSupports(turned)) {
    const dx = onto ? adapter.outputOver(onto, overwriteOnto) : adapter.output(shape);
    kernels.winogradGradInput(
      turned,
      adapter.address(dy),
      adapter.address(filter),
      adapter.optional(onto),
      adapter.address(dx),
      adapter.scratch(kernels.winogradScratch(turned)),
    );
    return dx;
  }
  const dx = adapter.output(shape),
    window = adapter.window(g);
  kernels.convGradInput(
    window,
    adapter.address(dy),
    adapter.address(filter),
    adapter.address(dx),
    adapter.scratch(kernels.convGradInputScratch(window)),
  );
  if (onto)
    kernels.add(adapter.address(dx), adapter.address(onto), adapter.address(dx), rowsAndChannels(shape).size, 0);
  return dx;
}

export function convolveGradFilter(adapter: WasmAdapter, g: WindowGeometry, x: TensorInfo, dy: TensorInfo): TensorInfo {
  const { kernels } = adapter;
  const dFilter = adapter.output([g.kernelHeight, g.kernelWidth, g.inChannels, g.outChannels]);
  const window = adapter.window(g);
  if (kernels.winogradSupports(window)) {
    kernels.winogradGradFilter(
      window,
      adapter.address(x),
      adapter.address(dy),
      adapter.address(dFilter),
      adapter.scratch(kernels.winogradScratch(window)),
    );
  } else {
    kernels.convGradFilter(
      window,
      adapter.address(x),
      adapter.address(dy),
      adapter.address(dFilter),
      adapter.scratch(kernels.convGradFilterScratch(window)),
    );
  }
  return dFilter;
}

export function convolutionKernels(adapter: WasmAdapter): KernelFamily<TensorInfo, Names> {
  const { kernels } = adapter;
  return {
    BakeoffConv2D: ({ x, filter, bias }, { stride, padding, relu }) =>
      convolve(adapter, symmetric(x.shape, filter.shape, stride, padding), x, filter, bias, relu),
    BakeoffConv2DGradInput: ({ dy, filter, onto }, { stride, padding, inputShape, overwriteOnto }) =>
      convolveGradInput(adapter, symmetric(inputShape, filter.shape, stride, padding), dy, filter, onto, overwriteOnto),
    BakeoffConv2DGradFilter: ({ x, dy }, { stride, padding, filterShape }) =>
      convolveGradFilter(adapter, symmetric(x.shape, filterShape, stride, padding), x, dy),
    BakeoffBiasGrad: ({ dy }) => {
      const { rows, channels } = rowsAndChannels(dy.shape);
      const sums = adapter.output([channels]);
      kernels.channelSums(
        adapter.address(dy),
        adapter.address(sums),
        adapter.scratch(kernels.channelSumsScratch(channels)),
        rows,
        channels,
      );
      return sums;
    },
  };
}
