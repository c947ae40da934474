import type { Tensor } from '@tensorflow/tfjs-core';

/** Inputs and attributes by name; tensors are float32 and images NHWC unless said otherwise. */
type Kernel = (inputs: never, attrs: never) => unknown;

/** The contract of a family of kernels: functions by name. */
export type Kernels<Family> = { readonly [Name in keyof Family]: Kernel };

/** How tf.grads sees through a kernel. TensorFlow.js keeps one gradient per kernel name for all backends, so each calls kernels by name. */
interface Gradient<Forward extends Kernel> {
  /** The inputs that it needs again, then its outputs: which of them. */
  readonly inputs: readonly (keyof Parameters<Forward>[0] & string)[];
  readonly outputs: readonly boolean[];
  /**
   * The gradient by each input, from those by the outputs and from what was saved. A function per input runs in a tidy of its own:
   * what several of them need is computed before.
   */
  by(
    dys: readonly Tensor[],
    saved: readonly Tensor[],
    attrs: Parameters<Forward>[1],
  ): { readonly [Input in keyof Parameters<Forward>[0]]?: () => Tensor };
}

/** A kernel, whatever the backend. */
export interface KernelRow<Forward extends Kernel> {
  /** Made of TensorFlow.js's operations: what a backend without a kernel of its own runs, and the oracle of those that have one. */
  readonly composed: Forward;
  /** null: tf.grads does not see through it. */
  readonly gradient: Gradient<Forward> | null;
}

/** A family, complete by type. */
export type KernelRows<Family extends Kernels<Family>> = { readonly [Name in keyof Family]: KernelRow<Family[Name]> };

/** The composed kernels of a family. */
export function composedKernels<Family extends Kernels<Family>>(rows: KernelRows<Family>): Family {
  return Object.fromEntries(
    Object.entries<KernelRow<Kernel>>(rows).map(([name, { composed }]) => [name, composed]),
  ) as unknown as Family;
}

/** One of the tensors that a gradient is given. */
export function at(tensors: readonly Tensor[], index: number): Tensor {
  const tensor = tensors[index];
  if (!tensor)
    throw new Error(`TensorFlow.js saved ${tensors.length} tensors for a gradient that needs number ${index}.`);
  return tensor;
}
