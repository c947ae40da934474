import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import { convolve, convolveGradFilter, convolveGradInput } from './convolution-kernels.ts';
import { multiply } from './dense-kernels.ts';
import type { WasmAdapter, WindowGeometry } from './wasm-adapter.ts';

// Kernels under TensorFlow.js's own names: those that training needs and the WASM backend lacks, and faster ones for
// some that it has. With them, a network written with plain tf operations or tf.layers also trains.

interface ConvolutionAttributes {
  strides: number | [number, number];
  pad: 'same' | 'valid' | number | backend_util.ExplicitPadding;
  dilations?: number | [number, number];
  dataFormat?: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}
interface FusedAttributes extends ConvolutionAttributes {
  activation?: string;
}
interface MatMulAttributes {
  transposeA: boolean;
  transposeB: boolean;
}
interface KernelCall {
  inputs: Record<string, TensorInfo>;
  attrs: unknown;
  backend: object;
}
type StockKernel = (call: KernelCall, stock: ((call: KernelCall) => TensorInfo) | undefined) => TensorInfo;

type Shape4D = [number, number, number, number];

/** The geometry of a TensorFlow.js convolution, or null if only the stock kernel supports it (dilations, NCHW). */
function geometry(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: ConvolutionAttributes,
): WindowGeometry | null {
  if (attrs.dataFormat === 'NCHW') return null;
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1) return null;
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, strideHeight, strideWidth } = info;
  return {
    batch: info.batchSize,
    inHeight,
    inWidth,
    inChannels,
    outHeight,
    outWidth,
    outChannels,
    strideHeight,
    strideWidth,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  };
}

function required<T>(value: T | null | undefined, kernelName: string): T {
  if (value === null || value === undefined)
    throw new Error(`${kernelName} on the WASM backend supports neither dilations nor NCHW.`);
  return value;
}

function stockConvolutions(adapter: WasmAdapter): Record<string, StockKernel> {
  return {
    Conv2D: (call, stock) => {
      const { x, filter } = call.inputs as { x: TensorInfo; filter: TensorInfo };
      const g = geometry(x.shape, filter.shape, call.attrs as ConvolutionAttributes);
      return g ? convolve(adapter, g, x, filter, undefined, false) : required(stock, 'Conv2D')(call);
    },
    FusedConv2D: (call, stock) => {
      const { x, filter, bias } = call.inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo };
      const attrs = call.attrs as FusedAttributes,
        activation = attrs.activation ?? 'linear';
      const g = activation === 'linear' || activation === 'relu' ? geometry(x.shape, filter.shape, attrs) : null;
      return g ? convolve(adapter, g, x, filter, bias, activation === 'relu') : required(stock, 'FusedConv2D')(call);
    },
    Conv2DBackpropInput: (call) => {
      const { dy, filter } = call.inputs as { dy: TensorInfo; filter: TensorInfo };
      const attrs = call.attrs as ConvolutionAttributes & { inputShape: number[] };
      return convolveGradInput(
        adapter,
        required(geometry(attrs.inputShape, filter.shape, attrs), 'Conv2DBackpropInput'),
        dy,
        filter,
      );
    },
    Conv2DBackpropFilter: (call) => {
      const { x, dy } = call.inputs as { x: TensorInfo; dy: TensorInfo };
      const attrs = call.attrs as ConvolutionAttributes & { filterShape: number[] };
      return convolveGradFilter(
        adapter,
        required(geometry(x.shape, attrs.filterShape, attrs), 'Conv2DBackpropFilter'),
        x,
        dy,
      );
    },
  };
}

function isOneMatrix(t: TensorInfo): boolean {
  return t.shape.slice(0, -2).every((length) => length === 1);
}

function stockOthers(adapter: WasmAdapter): Record<string, StockKernel> {
  return {
    BatchMatMul: (call, stock) => {
      const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
      const { transposeA, transposeB } = call.attrs as MatMulAttributes;
      if (!isOneMatrix(a) || !isOneMatrix(b) || a.dtype !== 'float32') return required(stock, 'BatchMatMul')(call);
      const longer = a.shape.length >= b.shape.length ? a.shape : b.shape;
      const rows = a.shape.at(transposeA ? -1 : -2) ?? 1,
        columns = b.shape.at(transposeB ? -2 : -1) ?? 1;
      return multiply(adapter, a, b, transposeA, transposeB, [...longer.slice(0, -2), rows, columns]);
    },
    // The stock kernel copies, and the tape clones every tensor that it saves.
    Identity: ({ inputs }) => adapter.share((inputs as { x: TensorInfo }).x),
    // The gradient of gather: as a product with the one-hot matrix of the segments.
    UnsortedSegmentSum: (call) => {
      const { x, segmentIds } = call.inputs as { x: TensorInfo; segmentIds: TensorInfo };
      const { numSegments } = call.attrs as { numSegments: number };
      return tf.tidy(() => {
        const hot = tf.cast(tf.oneHot(segmentIds as tf.Tensor1D, numSegments), 'float32');
        const sums = tf.matMul(hot, tf.reshape(tf.cast(x as tf.Tensor, 'float32'), [x.shape[0] ?? 0, -1]), true, false);
        return tf.cast(tf.reshape(sums, [numSegments, ...x.shape.slice(1)]), x.dtype);
      });
    },
  };
}

/**
 * Registers the kernels above on 'wasm'; if called again, it replaces its own kernels and keeps the original stock
 * kernels as their fallback.
 */
export function registerStockKernels(adapter: WasmAdapter): void {
  for (const [kernelName, kernel] of Object.entries({ ...stockConvolutions(adapter), ...stockOthers(adapter) })) {
    const stock = originals.get(kernelName) ?? tf.getKernel(kernelName, 'wasm')?.kernelFunc;
    if (stock) originals.set(kernelName, stock);
    if (tf.getKernel(kernelName, 'wasm')) tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: (call) => kernel(call as KernelCall, stock as never),
    });
  }
}

const originals = new Map<string, NonNullable<ReturnType<typeof tf.getKernel>>['kernelFunc']>();
