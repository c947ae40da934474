import { getBackend, getKernel } from '@tensorflow/tfjs-core';
import type { KernelName } from './kernel-contract.ts';
import { callKernel } from './call-kernel.ts';
import type { KernelAttributes, KernelInputs, KernelOutputs } from './call-kernel.ts';
import { registerComposedKernels } from './composed/register.ts';

/** Runs a kernel on the current backend. The plain JavaScript backend gets its composed kernels on first use. */
export function runKernel<K extends KernelName>(
  name: K,
  inputs: KernelInputs<K>,
  attrs: KernelAttributes<K>,
): KernelOutputs<K> {
  const backendName = getBackend();
  if (!getKernel(name, backendName)) {
    if (backendName !== 'cpu') {
      throw new Error(
        `No training kernels for the TensorFlow.js backend '${backendName}': call installWasmKernels() for 'wasm', registerComposedKernels('${backendName}') for any other.`,
      );
    }
    registerComposedKernels(backendName);
  }
  return callKernel(name, inputs, attrs);
}
