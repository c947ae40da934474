import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { at, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface ShortcutAttributes {
  stride: number;
  /** Zero channels added on each side; a negative number crops. */
  channelPad: number;
}

export interface ShortcutKernels<T> {
  BakeoffShortcutA(inputs: { x: T }, attrs: ShortcutAttributes): T;
  BakeoffShortcutAGrad(inputs: { dy: T }, attrs: ShortcutAttributes & { inputShape: number[] }): T;
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

export const shortcutKernels: KernelRows<ShortcutKernels<Tensor>> = {
  BakeoffShortcutA: {
    composed: ({ x }, { stride, channelPad }) =>
      tf.tidy(() => {
        const subsampled = tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, stride, stride, 1]) as Tensor4D;
        return resizeChannels(subsampled, channelPad);
      }),
    gradient: {
      inputs: ['x'],
      outputs: [],
      by: (dys, saved, attrs) => ({
        x: () => run('BakeoffShortcutAGrad', { dy: at(dys, 0) }, { ...attrs, inputShape: at(saved, 0).shape }),
      }),
    },
  },
  BakeoffShortcutAGrad: {
    composed: ({ dy }, { stride, channelPad, inputShape: [, height = 0, width = 0] }) =>
      tf.tidy(() => spread(resizeChannels(dy as Tensor4D, -channelPad), stride, height, width)),
    gradient: null,
  },
};
const run = kernelRunner<ShortcutKernels<Tensor>>(shortcutKernels);

type Shape4D = readonly [number, number, number, number];

/**
 * ResNet's parameter-free shortcut (He et al. 2016, option A): every stride-th pixel, channelPad zero channels on each side
 * (a negative number crops): [n, ceil(h / stride), ceil(w / stride), c + 2 channelPad].
 */
export function shortcutA(x: Tensor4D, { stride, channelPad }: ShortcutAttributes): Tensor4D {
  return run('BakeoffShortcutA', { x }, { stride, channelPad }) as Tensor4D;
}

export function shortcutAGrad(dy: Tensor4D, inputShape: Shape4D, { stride, channelPad }: ShortcutAttributes): Tensor4D {
  return run('BakeoffShortcutAGrad', { dy }, { stride, channelPad, inputShape: [...inputShape] }) as Tensor4D;
}
