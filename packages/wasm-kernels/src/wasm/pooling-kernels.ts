import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelFamily, PoolAttributes } from '@bakeoff/kernels';
import { outputShape } from '@bakeoff/kernels';
import type { WasmAdapter, WindowGeometry } from './wasm-adapter.ts';

type Names =
  | 'BakeoffShortcutA'
  | 'BakeoffShortcutAGrad'
  | 'BakeoffGlobalAveragePool'
  | 'BakeoffGlobalAveragePoolGrad'
  | 'BakeoffMaxPool'
  | 'BakeoffMaxPoolGrad';

type Shape4D = [number, number, number, number];

function poolGeometry(inputShape: readonly number[], { size, stride, padding }: PoolAttributes): WindowGeometry {
  const [batch, inHeight, inWidth, channels] = inputShape as Shape4D;
  const [, outHeight, outWidth] = outputShape(inputShape, [size, size], channels, stride, padding);
  return {
    batch,
    inHeight,
    inWidth,
    inChannels: channels,
    outHeight,
    outWidth,
    outChannels: channels,
    kernelHeight: size,
    kernelWidth: size,
    strideHeight: stride,
    strideWidth: stride,
    padTop: padding,
    padLeft: padding,
  };
}

export function poolingKernels(adapter: WasmAdapter): KernelFamily<TensorInfo, Names> {
  const { kernels } = adapter;
  return {
    BakeoffShortcutA: ({ x }, { stride, channelPad }) => {
      const [batch, height, width, channels] = x.shape as Shape4D;
      const y = adapter.output([
        batch,
        Math.ceil(height / stride),
        Math.ceil(width / stride),
        channels + 2 * channelPad,
      ]);
      kernels.shortcut(adapter.address(x), adapter.address(y), batch, height, width, channels, stride, channelPad, 0);
      return y;
    },
    BakeoffShortcutAGrad: ({ dy }, { stride, channelPad, inputShape }) => {
      const [batch, height, width, channels] = inputShape as Shape4D;
      const dx = adapter.output(inputShape);
      kernels.shortcut(adapter.address(dx), adapter.address(dy), batch, height, width, channels, stride, channelPad, 1);
      return dx;
    },
    BakeoffGlobalAveragePool: ({ x }) => {
      const [batch, height, width, channels] = x.shape as Shape4D;
      const y = adapter.output([batch, channels]);
      kernels.globalAverage(adapter.address(x), adapter.address(y), batch, height * width, channels);
      return y;
    },
    BakeoffGlobalAveragePoolGrad: ({ dy }, { inputShape }) => {
      const [batch, height, width, channels] = inputShape as Shape4D;
      const dx = adapter.output(inputShape);
      kernels.globalAverageGrad(adapter.address(dy), adapter.address(dx), batch, height * width, channels);
      return dx;
    },
    BakeoffMaxPool: ({ x }, attrs) => {
      const g = poolGeometry(x.shape, attrs),
        y = adapter.output([g.batch, g.outHeight, g.outWidth, g.outChannels]);
      kernels.maxPool(adapter.window(g), adapter.address(x), adapter.address(y));
      return y;
    },
    BakeoffMaxPoolGrad: ({ x, y, dy }, attrs) => {
      const dx = adapter.output(x.shape);
      kernels.maxPoolGrad(
        adapter.window(poolGeometry(x.shape, attrs)),
        adapter.address(x),
        adapter.address(y),
        adapter.address(dy),
        adapter.address(dx),
      );
      return dx;
    },
  };
}
