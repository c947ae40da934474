import type { Tensor } from '@tensorflow/tfjs-core';

/** Inputs and attributes by name; tensors are float32 and images NHWC unless stated otherwise. */
type Kernel = (inputs: never, attrs: never) => unknown;

/** The contract of a family of kernels: functions by name. */
export type Kernels<Family> = { readonly [Name in keyof Family]: Kernel };

/**
 * How tf.grads differentiates a kernel. TensorFlow.js keeps one gradient per kernel name for all backends, so each
 * gradient calls kernels by name.
 */
interface Gradient<Forward extends Kernel> {
  /** Which of the inputs, and then which of the outputs, the gradient needs. */
  readonly inputs: readonly (keyof Parameters<Forward>[0] & string)[];
  readonly outputs: readonly boolean[];
  /**
   * The gradient with respect to each input, from the outputs' gradients and the saved tensors. Each input's function
   * runs in its own tidy, so values that several of them need are computed first.
   */
  by(
    dys: readonly Tensor[],
    saved: readonly Tensor[],
    attrs: Parameters<Forward>[1],
  ): { readonly [Input in keyof Parameters<Forward>[0]]?: () => Tensor };
}

/** A kernel, whatever the backend. */
export interface KernelRow<Forward extends Kernel> {
  /**
   * Composed of TensorFlow.js's operations: what a backend without its own kernel runs, and the oracle for backends
   * that have one.
   */
  readonly composed: Forward;
  /** null: tf.grads cannot differentiate it. */
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

/** One of the saved tensors that a gradient receives. */
export function at(tensors: readonly Tensor[], index: number): Tensor {
  const tensor = tensors[index];
  if (!tensor)
    throw new Error(`TensorFlow.js saved ${tensors.length} tensors for a gradient that needs number ${index}.`);
  return tensor;
}
