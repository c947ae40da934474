import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface AverageKernels<T> {
  /** `average` is a vector of all values' elements, one after another, and changes in place. */
  BakeoffAverageWeights(inputs: { average: T; values: readonly T[] }, attrs: { decay: number }): [];
}

export const averageKernels: KernelRows<AverageKernels<Tensor>> = {
  BakeoffAverageWeights: {
    composed: ({ average, values }, { decay }) => {
      tf.tidy(() => {
        const flat = tf.concat(values.map((value) => tf.reshape(value, [-1])));
        (average as Variable).assign(tf.add(average, tf.mul(tf.sub(flat, average), 1 - decay)));
      });
      return [];
    },
    gradient: null,
  },
};
const run = kernelRunner<AverageKernels<Tensor>>(averageKernels);

/**
 * One step of an exponential moving average: average + (1 − decay) · (values − average), as
 * torch.optim.swa_utils.get_ema_multi_avg_fn. The average is a float32 vector of the values' elements and changes in
 * place; decay 0 copies the values.
 */
export function averageWeights(average: Variable, values: readonly Tensor[], decay: number): void {
  const total = values.reduce((sum, { size }) => sum + size, 0);
  if (average.rank !== 1 || average.size !== total)
    throw new Error(`The average of ${total} elements needs shape [${total}], received [${average.shape.join(', ')}].`);
  run('BakeoffAverageWeights', { average, values }, { decay });
}
