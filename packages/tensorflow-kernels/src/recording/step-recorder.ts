import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorflowBackend } from '../tensorflow-backend.ts';
import type { TensorflowOps } from '../tensorflow-ops.ts';
import { wordsOfError } from '../words-of-error.ts';
import { recordStep, type Recording } from './record-step.ts';
import { DifferentStepError, NotUploadedError } from './replay-step.ts';
import { StepFunction } from './step-function.ts';
import type { GraphOptions } from './step-graph.ts';

/** Steps that may turn out unlike those before before a kind of step stays eager. */
const MOST_ATTEMPTS = 6;

export interface RecorderOptions extends GraphOptions {
  /** Told once for each kind of step that cannot be recorded. */
  readonly warn: (text: string) => void;
}

interface Known {
  function: StepFunction | null;
  attempts: number;
}

/**
 * Runs the first steps of a kind eagerly, operation by operation, and what follows as one call each. A step is code that
 * computes with the kernels and with TensorFlow.js's operations, and gives the same results for the same inputs.
 */
export class TensorflowStepRecorder {
  private readonly kinds = new Map<string, Known>();
  /** The function whose calls have left variables behind. */
  private unpublished: StepFunction | null = null;

  constructor(
    private readonly backend: TensorflowBackend,
    private readonly ops: TensorflowOps,
    private readonly options: RecorderOptions,
  ) {}

  /** @param kind steps of one kind do the same on tensors of the same shapes */
  run(kind: string, step: () => Tensor[]): Tensor[] {
    const known = this.kindOf(kind);
    const results = known.function === null ? null : this.replay(known, step);
    if (results !== null) return results;
    this.publish();
    if (known.function !== null || known.attempts >= MOST_ATTEMPTS) return step();
    return this.record(kind, known, step);
  }

  /** Gives variables the values that the last step left; called before anything but a step reads them. */
  publish(): void {
    this.unpublished?.publish();
    this.unpublished = null;
  }

  dispose(): void {
    for (const known of this.kinds.values()) known.function?.dispose();
    this.kinds.clear();
    this.unpublished = null;
  }

  private kindOf(kind: string): Known {
    let known = this.kinds.get(kind);
    if (known === undefined) this.kinds.set(kind, (known = { function: null, attempts: 0 }));
    return known;
  }

  /** null: the step has to run eagerly. */
  private replay(known: Known, step: () => Tensor[]): Tensor[] | null {
    const made = known.function!;
    try {
      const results = made.run(step);
      if (made.needsPublishing) this.unpublished = made;
      return results;
    } catch (error) {
      if (error instanceof NotUploadedError) return null;
      if (!(error instanceof DifferentStepError)) throw error;
      this.publish();
      made.dispose();
      known.function = null;
      return null;
    }
  }

  private record(kind: string, known: Known, step: () => Tensor[]): Tensor[] {
    known.attempts++;
    const { results, recording } = recordStep(this.backend, this.ops, step);
    const why = typeof recording === 'string' ? recording : this.makeFunction(known, recording);
    if (why !== null && known.attempts >= MOST_ATTEMPTS)
      this.options.warn(`${kind} runs one operation at a time, which is slower: ${why}`);
    return results;
  }

  /** Returns why there is no function, or null. */
  private makeFunction(known: Known, recording: Recording): string | null {
    try {
      known.function = new StepFunction(this.backend, this.ops, recording, this.options);
      return null;
    } catch (error) {
      known.attempts = MOST_ATTEMPTS;
      return wordsOfError(error as Error);
    }
  }
}
