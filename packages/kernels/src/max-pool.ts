import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { at, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';
import type { WindowAttributes } from './window.ts';

export interface PoolAttributes extends WindowAttributes {
  /** Height and width of a window. */
  size: number;
}

export interface MaxPoolKernels<T> {
  BakeoffMaxPool(inputs: { x: T }, attrs: PoolAttributes): T;
  BakeoffMaxPoolGrad(inputs: { x: T; y: T; dy: T }, attrs: PoolAttributes): T;
}

/** Low enough to be less than every pixel, and finite: 0 * -Infinity would be NaN. */
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

export const maxPoolKernels: KernelRows<MaxPoolKernels<Tensor>> = {
  BakeoffMaxPool: {
    composed: ({ x }, { size, stride, padding }) =>
      tf.tidy(() => tf.maxPool(surrounded(x, padding), size, stride, 'valid')),
    gradient: {
      inputs: ['x'],
      outputs: [true],
      by: (dys, saved, attrs) => ({
        x: () => run('BakeoffMaxPoolGrad', { x: at(saved, 0), y: at(saved, 1), dy: at(dys, 0) }, attrs),
      }),
    },
  },
  BakeoffMaxPoolGrad: {
    composed: ({ x, y, dy }, { size, stride, padding }) =>
      tf.tidy(() => {
        const attrs = { filterSize: size, strides: stride, pad: 'valid', dimRoundingMode: 'floor' };
        const dx = tf
          .engine()
          .runKernel<Tensor4D>('MaxPoolGrad', { dy, input: surrounded(x, padding), output: y }, attrs);
        return padding ? tf.slice(dx, [0, padding, padding, 0], (x as Tensor4D).shape) : dx;
      }),
    gradient: null,
  },
};
const run = kernelRunner<MaxPoolKernels<Tensor>>(maxPoolKernels);

/** Maximum of size x size windows; the padding counts as minus infinity, as in PyTorch. */
export function maxPool(x: Tensor4D, { size, stride, padding }: PoolAttributes): Tensor4D {
  return run('BakeoffMaxPool', { x }, { size, stride, padding }) as Tensor4D;
}

/** Each window's dy goes to its first maximum in row order, as in PyTorch; y = maxPool(x). */
export function maxPoolGrad(
  x: Tensor4D,
  y: Tensor4D,
  dy: Tensor4D,
  { size, stride, padding }: PoolAttributes,
): Tensor4D {
  return run('BakeoffMaxPoolGrad', { x, y, dy }, { size, stride, padding }) as Tensor4D;
}
