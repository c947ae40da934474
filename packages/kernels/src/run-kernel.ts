import {
  engine,
  getBackend,
  getGradient,
  getKernel,
  registerGradient,
  registerKernel,
  type Tensor,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { composedKernels, type KernelRow, type KernelRows, type Kernels } from './kernel-row.ts';

type InstalledKernel = (inputs: unknown, attrs: unknown) => TensorInfo | TensorInfo[];

/** Registers kernels on a backend, replacing earlier ones. */
export function installKernels(backendName: string, kernels: object): void {
  for (const [kernelName, kernel] of Object.entries(kernels) as [string, InstalledKernel][]) {
    if (getKernel(kernelName, backendName)) unregisterKernel(kernelName, backendName);
    registerKernel({ kernelName, backendName, kernelFunc: ({ inputs, attrs }) => kernel(inputs, attrs ?? {}) });
  }
}

/** Registers the gradients of kernels that have none registered yet, so that tf.grads can differentiate them. */
export function installGradients<Family extends Kernels<Family>>(rows: KernelRows<Family>): void {
  for (const [kernelName, { gradient }] of Object.entries<KernelRow<(inputs: never, attrs: never) => unknown>>(rows)) {
    if (gradient === null || getGradient(kernelName)) continue;
    registerGradient({
      kernelName,
      inputsToSave: [...gradient.inputs],
      outputsToSave: [...gradient.outputs],
      gradFunc: (dy: Tensor | Tensor[], saved: Tensor[], attrs: unknown) =>
        gradient.by(Array.isArray(dy) ? dy : [dy], saved, attrs as never),
    });
  }
}

/**
 * A function that runs a kernel of a family on the current backend. The plain JavaScript backend gets a family's
 * composed kernels on first use.
 */
export function kernelRunner<Family extends Kernels<Family>>(rows: KernelRows<Family>) {
  return <Name extends keyof Family & string>(
    name: Name,
    inputs: Parameters<Family[Name]>[0],
    attrs: Parameters<Family[Name]>[1],
  ): ReturnType<Family[Name]> => {
    const backendName = getBackend();
    if (!getKernel(name, backendName)) {
      if (backendName !== 'cpu') throw noKernels(backendName);
      installGradients(rows);
      installKernels(backendName, composedKernels(rows));
    }
    // Lists of tensors among the inputs reach the kernel unchanged; kernels that take one are never recorded on a tape.
    return engine().runKernel(name, inputs, attrs) as ReturnType<Family[Name]>;
  };
}

function noKernels(backendName: string): Error {
  return new Error(
    `No training kernels for the TensorFlow.js backend '${backendName}': ` +
      "call installWasmKernels() of @bakeoff/wasm-kernels for 'wasm', " +
      "installTensorflowKernels() of @bakeoff/tensorflow-kernels for 'tensorflow', " +
      `or registerComposedKernels('${backendName}') for any other.`,
  );
}
