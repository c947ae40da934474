import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { reluGrad } from './activation.ts';
import { biasGrad, type Convolution } from './convolution.ts';
import { at, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';
import { padded, paddedShape, type WindowAttributes } from './window.ts';

/** Each channel is convolved with a filter of its own: filter [kh, kw, 1, c]. */
export interface DepthwiseConvolutionKernels<T> {
  BakeoffDepthwiseConv2D(inputs: { x: T; filter: T; bias?: T }, attrs: WindowAttributes & { relu: boolean }): T;
  BakeoffDepthwiseConv2DGradInput(inputs: { dy: T; filter: T }, attrs: WindowAttributes & { inputShape: number[] }): T;
  BakeoffDepthwiseConv2DGradFilter(inputs: { x: T; dy: T }, attrs: WindowAttributes & { filterShape: number[] }): T;
}

/** TensorFlow.js's layout [kh, kw, c, 1] of a filter, or of its shape. */
const channelsThird = ([kh = 0, kw = 0, , c = 0]: readonly number[]): [number, number, number, number] => [
  kh,
  kw,
  c,
  1,
];

const valid = (stride: number) => ({
  strides: [stride, stride] as [number, number],
  dilations: [1, 1] as [number, number],
  pad: 'valid',
  dimRoundingMode: 'floor',
});

export const depthwiseConvolutionKernels: KernelRows<DepthwiseConvolutionKernels<Tensor>> = {
  BakeoffDepthwiseConv2D: {
    composed: ({ x, filter, bias }, { stride, padding, relu }) =>
      tf.tidy(() => {
        const ours = tf.reshape(filter, channelsThird(filter.shape)) as Tensor4D;
        const product = tf.depthwiseConv2d(padded(x, padding), ours, stride, 'valid');
        const raised = bias ? tf.add<Tensor>(product, bias) : product;
        return relu ? tf.relu(raised) : raised;
      }),
    gradient: {
      inputs: ['x', 'filter'],
      outputs: [true],
      by: (dys, saved, { stride, padding, relu }) => {
        const x = at(saved, 0),
          filter = at(saved, 1);
        const dy = relu ? reluGrad(at(dys, 0), at(saved, 2)) : at(dys, 0);
        const window = { stride, padding };
        return {
          x: () => run('BakeoffDepthwiseConv2DGradInput', { dy, filter }, { ...window, inputShape: x.shape }),
          filter: () => run('BakeoffDepthwiseConv2DGradFilter', { x, dy }, { ...window, filterShape: filter.shape }),
          bias: () => biasGrad(dy),
        };
      },
    },
  },
  BakeoffDepthwiseConv2DGradInput: {
    composed: ({ dy, filter }, { stride, padding, inputShape }) =>
      tf.tidy(() => {
        const ours = tf.reshape(filter, channelsThird(filter.shape));
        const whole = tf
          .engine()
          .runKernel<Tensor4D>(
            'DepthwiseConv2dNativeBackpropInput',
            { dy, filter: ours },
            { ...valid(stride), inputShape: paddedShape(inputShape, padding) },
          );
        return padding ? tf.slice(whole, [0, padding, padding, 0], inputShape) : whole;
      }),
    gradient: null,
  },
  BakeoffDepthwiseConv2DGradFilter: {
    composed: ({ x, dy }, { stride, padding, filterShape }) =>
      tf.tidy(() => {
        const ours = tf
          .engine()
          .runKernel<Tensor4D>(
            'DepthwiseConv2dNativeBackpropFilter',
            { x: padded(x, padding), dy },
            { ...valid(stride), filterShape: channelsThird(filterShape) },
          );
        return tf.reshape(ours, filterShape);
      }),
    gradient: null,
  },
};
const run = kernelRunner<DepthwiseConvolutionKernels<Tensor>>(depthwiseConvolutionKernels);

/**
 * Convolution of each channel by itself, plus bias, then ReLU if requested.
 * @param x float32 [n, h, w, c]
 * @param filter float32 [kh, kw, 1, c]
 * @param bias float32 [c], or null for none
 */
export function depthwiseConv2d(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D | null,
  { stride, padding, relu = false }: Convolution & { relu?: boolean },
): Tensor4D {
  const inputs = bias ? { x, filter, bias } : { x, filter };
  return run('BakeoffDepthwiseConv2D', inputs, { stride, padding, relu }) as Tensor4D;
}

/** Its gradient with respect to the input of shape `inputShape`. */
export function depthwiseConv2dGradInput(
  dy: Tensor4D,
  filter: Tensor4D,
  inputShape: readonly number[],
  { stride, padding }: Convolution,
): Tensor4D {
  const attrs = { stride, padding, inputShape: [...inputShape] };
  return run('BakeoffDepthwiseConv2DGradInput', { dy, filter }, attrs) as Tensor4D;
}

/** Its gradient with respect to the filter of shape `filterShape`. */
export function depthwiseConv2dGradFilter(
  x: Tensor4D,
  dy: Tensor4D,
  filterShape: readonly number[],
  { stride, padding }: Convolution,
): Tensor4D {
  const attrs = { stride, padding, filterShape: [...filterShape] };
  return run('BakeoffDepthwiseConv2DGradFilter', { x, dy }, attrs) as Tensor4D;
}
