import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { registerGradients } from './gradients.ts';
import type { KernelName, PairedKernels, SingleKernels } from './kernel-contract.ts';
import { pairKernels } from './pair-kernels.ts';

/** Gives a TensorFlow.js backend its implementation of the contract, in the place of an earlier one, and the kernels their gradients. */
export function registerKernels<T extends TensorInfo = Tensor>(
  backendName: string,
  singles: SingleKernels<T>,
  pairs: PairedKernels<T> = pairKernels(singles, (between) => (between as unknown as Tensor).dispose()),
): void {
  registerGradients();
  const kernels = { ...singles, ...pairs };
  for (const kernelName of Object.keys(kernels) as KernelName[]) {
    if (getKernel(kernelName, backendName)) unregisterKernel(kernelName, backendName);
    const kernel = kernels[kernelName] as (inputs: unknown, attrs: unknown) => TensorInfo | TensorInfo[];
    registerKernel({ kernelName, backendName, kernelFunc: ({ inputs, attrs }) => kernel(inputs, attrs ?? {}) });
  }
}
