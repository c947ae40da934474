import { type Tensor, Variable } from '@tensorflow/tfjs-core';
import type { HostValues } from '../host-inputs.ts';
import type { TensorEntry } from '../tensorflow-backend.ts';
import type { TensorflowOps } from '../tensorflow-ops.ts';
import { intercept, type KernelAttributes, type KernelInputs, tensorAt } from './intercept.ts';
import type { External, RecordedCall, Recording } from './record-step.ts';

/** The step's code did not do what it did when it was recorded. */
export class DifferentStepError extends Error {}

/** A tensor from before the step has values that TensorFlow, or the resource variable that stands for it, does not have yet. */
export class NotUploadedError extends Error {}

/** What a step gives its function. */
export interface StepValues {
  /** By feed. */
  readonly feeds: readonly HostValues[];
  /** By external tensor that was asked for. */
  readonly entries: ReadonlyMap<External, TensorEntry>;
  readonly variables: ReadonlyMap<External, Variable>;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
}

function isRecorded({ name, attributes, host }: RecordedCall, called: string, given: KernelAttributes): boolean {
  if (called !== name) return false;
  const varying: readonly string[] | undefined = host?.varying;
  for (const key in given) if (varying?.includes(key) !== true && !isSame(given[key], attributes[key])) return false;
  return true;
}

/**
 * Runs a step's code with nothing behind it: kernels return stand-ins for tensors, and only what the host computes for
 * the step is computed. @param externals those to look up
 * @throws DifferentStepError or NotUploadedError, before anything has changed
 */
export function replayStep(
  recording: Recording,
  externals: ReadonlyMap<number, readonly External[]>,
  ops: TensorflowOps,
  step: () => readonly Tensor[],
): StepValues {
  const { calls, feeds } = recording;
  const values: HostValues[] = [];
  const entries = new Map<External, TensorEntry>();
  const variables = new Map<External, Variable>();
  let at = 0;

  const give = (given: readonly HostValues[], [from, count]: RecordedCall['feeds']): void => {
    if (given.length !== count) throw new DifferentStepError();
    for (const [i, each] of given.entries()) {
      if (each.length !== feeds[from + i]!.length) throw new DifferentStepError();
      values.push(each);
    }
  };
  const lookUp = (external: External, inputs: KernelInputs): void => {
    const tensor = tensorAt(inputs, external.place);
    const entry = ops.entry(tensor);
    if (entry.values !== null) throw new NotUploadedError();
    if (entry.dtype !== external.entry.dtype || !isSame(entry.shape, external.entry.shape))
      throw new DifferentStepError();
    entries.set(external, entry);
    if (external.variable !== null) variables.set(external, tensor as Variable);
  };

  intercept(
    {
      kernel(name, inputs, attributes) {
        const call = calls[at];
        if (call === undefined || !isRecorded(call, name, attributes)) throw new DifferentStepError();
        for (const external of externals.get(at) ?? []) lookUp(external, inputs);
        if (call.host !== undefined) give(call.host.values(inputs as never, attributes as never), call.feeds);
        at++;
        return call.outputs;
      },
      tensor(_make, given) {
        const call = calls[at];
        if (call?.name !== null || !ArrayBuffer.isView(given)) throw new DifferentStepError();
        give([given as HostValues], call.feeds);
        at++;
        return call.outputs as Tensor;
      },
    },
    step,
  );
  if (at !== calls.length) throw new DifferentStepError();
  return { feeds: values, entries, variables };
}
