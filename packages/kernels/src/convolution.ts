import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { reluGrad } from './activation.ts';
import { at, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';
import { padded, paddedShape, type WindowAttributes } from './window.ts';

export interface ConvolutionKernels<T> {
  BakeoffConv2D(inputs: { x: T; filter: T; bias?: T }, attrs: WindowAttributes & { relu: boolean }): T;
  /** The gradient with respect to x, plus `onto` if given. */
  BakeoffConv2DGradInput(
    inputs: { dy: T; filter: T; onto?: T },
    attrs: WindowAttributes & { inputShape: number[]; overwriteOnto: boolean },
  ): T;
  BakeoffConv2DGradFilter(inputs: { x: T; dy: T }, attrs: WindowAttributes & { filterShape: number[] }): T;
  BakeoffBiasGrad(inputs: { dy: T }, attrs: Record<string, never>): T;
}

const valid = (stride: number) => ({ strides: stride, pad: 'valid', dataFormat: 'NHWC', dimRoundingMode: 'floor' });

export const convolutionKernels: KernelRows<ConvolutionKernels<Tensor>> = {
  BakeoffConv2D: {
    composed: ({ x, filter, bias }, { stride, padding, relu }) =>
      tf.tidy(() => {
        const product = tf.conv2d(padded(x, padding), filter as Tensor4D, stride, 'valid');
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
        const attrs = { stride, padding, inputShape: x.shape, overwriteOnto: false };
        return {
          x: () => run('BakeoffConv2DGradInput', { dy, filter }, attrs),
          filter: () => run('BakeoffConv2DGradFilter', { x, dy }, { stride, padding, filterShape: filter.shape }),
          bias: () => biasGrad(dy),
        };
      },
    },
  },
  BakeoffConv2DGradInput: {
    composed: ({ dy, filter, onto }, { stride, padding, inputShape }) =>
      tf.tidy(() => {
        const whole = tf
          .engine()
          .runKernel<Tensor4D>(
            'Conv2DBackpropInput',
            { dy, filter },
            { ...valid(stride), inputShape: paddedShape(inputShape, padding) },
          );
        const dx = padding ? tf.slice(whole, [0, padding, padding, 0], inputShape) : whole;
        return onto ? tf.add(dx, onto) : dx;
      }),
    gradient: null,
  },
  BakeoffConv2DGradFilter: {
    composed: ({ x, dy }, { stride, padding, filterShape }) =>
      tf.tidy(() =>
        tf
          .engine()
          .runKernel<Tensor4D>(
            'Conv2DBackpropFilter',
            { x: padded(x, padding), dy },
            { ...valid(stride), filterShape },
          ),
      ),
    gradient: null,
  },
  BakeoffBiasGrad: {
    composed: ({ dy }) => tf.tidy(() => tf.sum(tf.reshape(dy, [-1, dy.shape.at(-1) ?? 1]), 0)),
    gradient: null,
  },
};
const run = kernelRunner<ConvolutionKernels<Tensor>>(convolutionKernels);

export type Convolution = WindowAttributes;
type Shape4D = readonly [number, number, number, number];

/**
 * Convolution, plus bias, then ReLU if requested, in one kernel.
 * @param x float32 [n, h, w, i]
 * @param filter float32 [kh, kw, i, o]
 * @param bias float32 [o], or null for none
 * @returns float32 [n, floor((h + 2 padding - kh) / stride) + 1, …, o]
 */
export function conv2d(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D | null,
  convolution: Convolution & { relu?: boolean },
): Tensor4D {
  const { stride, padding, relu = false } = convolution;
  return run('BakeoffConv2D', bias ? { x, filter, bias } : { x, filter }, { stride, padding, relu }) as Tensor4D;
}

/**
 * Gradient of a convolution with respect to its input of shape `inputShape` [n, h, w, i], from dy [n, oh, ow, o]; plus
 * `onto`, of that shape, if given. With `overwriteOnto`, nothing reads `onto` afterwards, and the engine may reuse its
 * memory.
 */
export function conv2dGradInput(
  dy: Tensor4D,
  filter: Tensor4D,
  inputShape: Shape4D,
  {
    stride,
    padding,
    onto = null,
    overwriteOnto = false,
  }: Convolution & { onto?: Tensor4D | null; overwriteOnto?: boolean },
): Tensor4D {
  return run('BakeoffConv2DGradInput', onto ? { dy, filter, onto } : { dy, filter }, {
    stride,
    padding,
    overwriteOnto,
    inputShape: [...inputShape],
  }) as Tensor4D;
}

/** Gradient of a convolution with respect to its filter of shape `filterShape` [kh, kw, i, o]. */
export function conv2dGradFilter(
  x: Tensor4D,
  dy: Tensor4D,
  filterShape: Shape4D,
  { stride, padding }: Convolution,
): Tensor4D {
  return run('BakeoffConv2DGradFilter', { x, dy }, { stride, padding, filterShape: [...filterShape] }) as Tensor4D;
}

/** Gradient of a bias: dy summed over all axes except the last. */
export function biasGrad(dy: Tensor): Tensor1D {
  return run('BakeoffBiasGrad', { dy }, {}) as Tensor1D;
}
