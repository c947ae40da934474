import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { pairKernels } from './convolution-batch-norm.ts';
import { composedKernels } from './kernel-row.ts';
import { type KernelContract, kernelRows } from './kernels.ts';
import { installGradients, installKernels } from './run-kernel.ts';

/**
 * Gives a TensorFlow.js backend kernels of its own, replacing earlier ones. Kernels that it lacks are composed: pairs
 * from its own kernels, single ones from TensorFlow.js's operations, which the backend must have.
 */
export function registerKernels<T extends TensorInfo = Tensor>(
  backendName: string,
  own: Partial<KernelContract<T>>,
): void {
  installGradients(kernelRows);
  // An operation takes and returns the same kind of tensors as the backend's kernels.
  const composed = composedKernels(kernelRows) as unknown as KernelContract<T>;
  const singles = { ...composed, ...own };
  installKernels(backendName, { ...singles, ...pairKernels(singles), ...own });
}

/** Registers every kernel as a composition of TensorFlow.js operations, for any backend that has those. */
export function registerComposedKernels(backendName: string): void {
  registerKernels(backendName, {});
}
