import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { at, type KernelRows } from './kernel-row.ts';
import type { PoolAttributes } from './max-pool.ts';
import { kernelRunner } from './run-kernel.ts';
import { padded, paddedShape } from './window.ts';

export interface AveragePoolKernels<T> {
  BakeoffAveragePool(inputs: { x: T }, attrs: PoolAttributes): T;
  BakeoffAveragePoolGrad(inputs: { dy: T }, attrs: PoolAttributes & { inputShape: number[] }): T;
}

export const averagePoolKernels: KernelRows<AveragePoolKernels<Tensor>> = {
  BakeoffAveragePool: {
    composed: ({ x }, { size, stride, padding }) =>
      tf.tidy(() => tf.avgPool(padded(x, padding), size, stride, 'valid')),
    gradient: {
      inputs: ['x'],
      outputs: [false],
      by: (dys, saved, attrs) => ({
        x: () => run('BakeoffAveragePoolGrad', { dy: at(dys, 0) }, { ...attrs, inputShape: at(saved, 0).shape }),
      }),
    },
  },
  BakeoffAveragePoolGrad: {
    composed: ({ dy }, { size, stride, padding, inputShape }) =>
      tf.tidy(() => {
        const input = tf.zeros(paddedShape(inputShape, padding));
        const attrs = { filterSize: [size, size], strides: [stride, stride], pad: 'valid', dimRoundingMode: 'floor' };
        const dx = tf.engine().runKernel<Tensor4D>('AvgPoolGrad', { dy, input }, attrs);
        return padding ? tf.slice(dx, [0, padding, padding, 0], inputShape) : dx;
      }),
    gradient: null,
  },
};
const run = kernelRunner<AveragePoolKernels<Tensor>>(averagePoolKernels);

/** Mean of size x size windows; the padding counts as zeros, as in PyTorch. */
export function averagePool(x: Tensor4D, { size, stride, padding }: PoolAttributes): Tensor4D {
  return run('BakeoffAveragePool', { x }, { size, stride, padding }) as Tensor4D;
}

/** Spreads each window's dy evenly over its pixels; `inputShape` is that of averagePool's input. */
export function averagePoolGrad(
  dy: Tensor4D,
  inputShape: readonly [number, number, number, number],
  { size, stride, padding }: PoolAttributes,
): Tensor4D {
  return run('BakeoffAveragePoolGrad', { dy }, { size, stride, padding, inputShape: [...inputShape] }) as Tensor4D;
}
