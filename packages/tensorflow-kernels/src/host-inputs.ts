import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelContract } from '@bakeoff/kernels';

export type HostValues = Float32Array | Int32Array | Uint8Array;

/**
 * What a kernel computes on the host from attributes that differ from step to step, and uploads: the part of the kernel
 * that a recorded step has to do again. The kernel itself takes its values from here too.
 */
export interface HostInputs<Kernel extends (inputs: never, attributes: never) => unknown> {
  /** The attributes that may differ from those of the recorded step. */
  readonly varying: readonly (keyof Parameters<Kernel>[1] & string)[];
  /** In the order in which the kernel uploads them; their number and sizes are those of the recorded step. */
  values(inputs: Parameters<Kernel>[0], attributes: Parameters<Kernel>[1]): readonly (Float32Array | Int32Array)[];
}

/** By kernel; a kernel without an entry uploads constants only. */
export type HostInputsTable = {
  readonly [Name in keyof KernelContract<TensorInfo>]?: HostInputs<KernelContract<TensorInfo>[Name]>;
};

/** Of a family of kernels, so that they can be called without asking whether they exist. */
export type HostInputsOf<Names extends keyof KernelContract<TensorInfo>> = {
  readonly [Name in Names]: HostInputs<KernelContract<TensorInfo>[Name]>;
};
