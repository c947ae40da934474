import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '../kernel-contract.ts';

type Names = 'BakeoffConv2D' | 'BakeoffConv2DGradInput' | 'BakeoffConv2DGradFilter' | 'BakeoffBiasGrad';

// Padding is an operation of its own: TensorFlow's C kernels know no explicit padding for gradients.
function padded(x: Tensor, padding: number): Tensor4D {
  return padding
    ? tf.pad(x as Tensor4D, [
        [0, 0],
        [padding, padding],
        [padding, padding],
        [0, 0],
      ])
    : tf.clone(x as Tensor4D);
}

function paddedShape(
  [n = 0, h = 0, w = 0, c = 0]: readonly number[],
  padding: number,
): [number, number, number, number] {
  return [n, h + 2 * padding, w + 2 * padding, c];
}

const valid = (stride: number) => ({ strides: stride, pad: 'valid', dataFormat: 'NHWC', dimRoundingMode: 'floor' });

export const convolutionKernels: KernelFamily<Tensor, Names> = {
  BakeoffConv2D: ({ x, filter, bias }, { stride, padding, relu }) =>
    tf.tidy(() => {
      const product = tf.conv2d(padded(x, padding), filter as Tensor4D, stride, 'valid');
      const raised = bias ? tf.add<Tensor>(product, bias) : product;
      return relu ? tf.relu(raised) : raised;
    }),

  BakeoffConv2DGradInput: ({ dy, filter, onto }, { stride, padding, inputShape }) =>
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

  BakeoffConv2DGradFilter: ({ x, dy }, { stride, padding, filterShape }) =>
    tf.tidy(() =>
      tf
        .engine()
        .runKernel<Tensor4D>('Conv2DBackpropFilter', { x: padded(x, padding), dy }, { ...valid(stride), filterShape }),
    ),

  BakeoffBiasGrad: ({ dy }) => tf.tidy(() => tf.sum(tf.reshape(dy, [-1, dy.shape.at(-1) ?? 1]), 0)),
};
