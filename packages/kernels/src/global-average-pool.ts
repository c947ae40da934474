import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { at, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface GlobalAveragePoolKernels<T> {
  BakeoffGlobalAveragePool(inputs: { x: T }, attrs: Record<string, never>): T;
  BakeoffGlobalAveragePoolGrad(inputs: { dy: T }, attrs: { inputShape: number[] }): T;
}

export const globalAveragePoolKernels: KernelRows<GlobalAveragePoolKernels<Tensor>> = {
  BakeoffGlobalAveragePool: {
    composed: ({ x }) => tf.mean(x, [1, 2]),
    gradient: {
      inputs: ['x'],
      outputs: [],
      by: (dys, saved) => ({
        x: () => run('BakeoffGlobalAveragePoolGrad', { dy: at(dys, 0) }, { inputShape: at(saved, 0).shape }),
      }),
    },
  },
  BakeoffGlobalAveragePoolGrad: {
    composed: ({ dy }, { inputShape }) =>
      tf.tidy(() => {
        const [n = 0, h = 0, w = 0, c = 0] = inputShape;
        return tf.tile(tf.reshape(tf.div(dy, h * w), [n, 1, 1, c]), [1, h, w, 1]);
      }),
    gradient: null,
  },
};
const run = kernelRunner<GlobalAveragePoolKernels<Tensor>>(globalAveragePoolKernels);

/** Mean over height and width: [n, h, w, c] -> [n, c]. */
export function globalAveragePool(x: Tensor4D): Tensor2D {
  return run('BakeoffGlobalAveragePool', { x }, {}) as Tensor2D;
}

export function globalAveragePoolGrad(dy: Tensor2D, inputShape: readonly [number, number, number, number]): Tensor4D {
  return run('BakeoffGlobalAveragePoolGrad', { dy }, { inputShape: [...inputShape] }) as Tensor4D;
}
