import type { Tensor } from '@tensorflow/tfjs-core';
import type { KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface ReadKernels<T> {
  /** Writes the tensors' values, one tensor after another, to the host. */
  BakeoffReadFloats(inputs: { tensors: readonly T[] }, attrs: { into: Float32Array }): [];
}

export const readKernels: KernelRows<ReadKernels<Tensor>> = {
  BakeoffReadFloats: {
    composed: ({ tensors }, { into }) => {
      let at = 0;
      for (const tensor of tensors) {
        into.set(tensor.dataSync<'float32'>(), at);
        at += tensor.size;
      }
      return [];
    },
    gradient: null,
  },
};
const run = kernelRunner<ReadKernels<Tensor>>(readKernels);

/**
 * Writes the values of float32 tensors, one tensor after another, into memory that the caller keeps: many reads then
 * leave no garbage, which dataSync does. @throws Error if `into` has not exactly as many elements
 */
export function readFloats(tensors: readonly Tensor[], into: Float32Array): void {
  const total = tensors.reduce((sum, { size }) => sum + size, 0);
  if (into.length !== total)
    throw new Error(`Reading ${total} elements needs as many places, received ${into.length}.`);
  run('BakeoffReadFloats', { tensors }, { into });
}
