import { engine } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { KernelContract, KernelName } from './kernel-contract.ts';

export type KernelInputs<K extends KernelName> = Parameters<KernelContract<Tensor>[K]>[0];
export type KernelAttributes<K extends KernelName> = Parameters<KernelContract<Tensor>[K]>[1];
export type KernelOutputs<K extends KernelName> = ReturnType<KernelContract<Tensor>[K]>;

/** Runs a registered kernel on the current backend, typed by the contract. */
export function callKernel<K extends KernelName>(name: K, inputs: KernelInputs<K>, attrs: KernelAttributes<K>): KernelOutputs<K> {
  return engine().runKernel(name, inputs, attrs as never) as KernelOutputs<K>;
}
