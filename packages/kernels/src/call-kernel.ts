import { engine } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import type { KernelContract, KernelName } from './kernel-contract.ts';

export type KernelInputs<K extends KernelName> = Parameters<KernelContract<Tensor>[K]>[0];
export type KernelAttributes<K extends KernelName> = Parameters<KernelContract<Tensor>[K]>[1];
export type KernelOutputs<K extends KernelName> = ReturnType<KernelContract<Tensor>[K]>;

/** Runs a registered kernel on the current backend, typed by the contract. */
export function callKernel<K extends KernelName>(
  name: K,
  inputs: KernelInputs<K>,
  attrs: KernelAttributes<K>,
): KernelOutputs<K> {
  // Lists of tensors among the inputs reach the kernel as they are; no kernel that takes one is recorded on a tape.
  return engine().runKernel(name, inputs as unknown as NamedTensorMap, attrs as never) as KernelOutputs<K>;
}
