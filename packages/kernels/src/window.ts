import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';

export interface WindowAttributes {
  /** Rows and columns between neighboring windows. */
  stride: number;
  /** Zero rows and columns on every side, as in PyTorch. */
  padding: number;
}

/** Length of the output along one axis: floor((length + 2 * padding - size) / stride) + 1. */
function outputLength(length: number, size: number, stride: number, padding: number): number {
  return Math.floor((length + 2 * padding - size) / stride) + 1;
}

/** NHWC output shape of a convolution or pooling with symmetric padding. */
export function outputShape(
  inputShape: readonly number[],
  size: readonly [number, number],
  channels: number,
  stride: number,
  padding: number,
): [number, number, number, number] {
  const [batch = 0, height = 0, width = 0] = inputShape;
  return [
    batch,
    outputLength(height, size[0], stride, padding),
    outputLength(width, size[1], stride, padding),
    channels,
  ];
}

/**
 * x with rows and columns of zeros around it. An operation of its own: TensorFlow's C kernels do not support explicit
 * padding for gradients.
 */
export function padded(x: Tensor, padding: number): Tensor4D {
  return padding
    ? tf.pad(x as Tensor4D, [
        [0, 0],
        [padding, padding],
        [padding, padding],
        [0, 0],
      ])
    : tf.clone(x as Tensor4D);
}

/** The shape of `padded`. */
export function paddedShape(
  [n = 0, h = 0, w = 0, c = 0]: readonly number[],
  padding: number,
): [number, number, number, number] {
  return [n, h + 2 * padding, w + 2 * padding, c];
}
