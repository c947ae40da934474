import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '../kernel-contract.ts';

type Names =
  | 'BakeoffShortcutA'
  | 'BakeoffShortcutAGrad'
  | 'BakeoffGlobalAveragePool'
  | 'BakeoffGlobalAveragePoolGrad'
  | 'BakeoffMaxPool'
  | 'BakeoffMaxPoolGrad';

/** Low enough to lose against every pixel, and finite: 0 * -Infinity would be NaN. */
const LOWEST = -3.4e38;

function surrounded(x: Tensor, padding: number): Tensor4D {
  return padding
    ? tf.pad(
        x as Tensor4D,
        [
          [0, 0],
          [padding, padding],
          [padding, padding],
          [0, 0],
        ],
        LOWEST,
      )
    : tf.clone(x as Tensor4D);
}

/** Pads (positive) or crops (negative) both ends of the channel axis. */
function resizeChannels(x: Tensor4D, amount: number): Tensor4D {
  if (amount < 0) return tf.slice(x, [0, 0, 0, -amount], [-1, -1, -1, x.shape[3] + 2 * amount]);
  return tf.pad(x, [
    [0, 0],
    [0, 0],
    [0, 0],
    [amount, amount],
  ]);
}

/** Spreads [n, h, w, c] to every stride-th pixel of [n, height, width, c], the others 0. */
function spread(dy: Tensor4D, stride: number, height: number, width: number): Tensor4D {
  const [n, h, w, c] = dy.shape;
  const cells = tf.pad(tf.reshape(dy, [n, h, 1, w, 1, c]), [
    [0, 0],
    [0, 0],
    [0, stride - 1],
    [0, 0],
    [0, stride - 1],
    [0, 0],
  ]);
  return tf.slice(tf.reshape<tf.Rank.R4>(cells, [n, h * stride, w * stride, c]), [0, 0, 0, 0], [n, height, width, c]);
}

export const poolingKernels: KernelFamily<Tensor, Names> = {
  BakeoffShortcutA: ({ x }, { stride, channelPad }) =>
    tf.tidy(() => {
      const subsampled = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, stride, stride, 1]) as Tensor4D;
      return resizeChannels(subsampled, channelPad);
    }),

  BakeoffShortcutAGrad: ({ dy }, { stride, channelPad, inputShape: [, height = 0, width = 0] }) =>
    tf.tidy(() => spread(resizeChannels(dy as Tensor4D, -channelPad), stride, height, width)),

  BakeoffGlobalAveragePool: ({ x }) => tf.mean(x, [1, 2]),

  BakeoffGlobalAveragePoolGrad: ({ dy }, { inputShape }) =>
    tf.tidy(() => {
      const [n = 0, h = 0, w = 0, c = 0] = inputShape;
      return tf.tile(tf.reshape(tf.div(dy, h * w), [n, 1, 1, c]), [1, h, w, 1]);
    }),

  BakeoffMaxPool: ({ x }, { size, stride, padding }) =>
    tf.tidy(() => tf.maxPool(surrounded(x, padding), size, stride, 'valid')),

  BakeoffMaxPoolGrad: ({ x, y, dy }, { size, stride, padding }) =>
    tf.tidy(() => {
      const attrs = { filterSize: size, strides: stride, pad: 'valid', dimRoundingMode: 'floor' };
      const dx = tf
        .engine()
        .runKernel<Tensor4D>('MaxPoolGrad', { dy, input: surrounded(x, padding), output: y }, attrs);
      return padding ? tf.slice(dx, [0, padding, padding, 0], (x as Tensor4D).shape) : dx;
    }),
};
