import type { Tensor } from '@tensorflow/tfjs-core';
import type { NativeOption } from '@bakeoff/wasm-kernels/native-options';
import type { EngineName } from './engines.ts';

interface Shortfall {
  readonly why: string;
  /** Something is missing or damaged, so that whoever trains should be told. */
  readonly isFault: boolean;
  /** What computes instead, and how to get what is missing. */
  readonly instead: string;
}

/**
 * Runs the first steps of a kind as they are, and those that follow as one call of the engine's library each, where the
 * engine's row says `recordsSteps`.
 */
export interface StepRecorder {
  /**
   * Runs a step, which is code that computes with the kernels and with TensorFlow.js's operations, and changes nothing
   * but tensors: it may be run with stand-ins for them. @param kind steps of one kind do the same on the same shapes
   */
  run(kind: string, step: () => Tensor[]): Tensor[];
  /** Gives variables the values that the last step left. Call it before anything but a step reads them. */
  publish(): void;
  dispose(): void;
}

/** Runs every step as it is. */
export const eagerSteps: StepRecorder = {
  run: (_kind, step) => step(),
  publish: () => undefined,
  dispose: () => undefined,
};

/** A TensorFlow.js backend with the training kernels registered on it, made the current backend. */
export interface Engine {
  readonly name: EngineName;
  /** Which variant runs, e.g. `native-avx2`, `relaxed-simd`, `TensorFlow 2.9.1, GPU`. */
  readonly build: string;
  /** How it rounds: on the same type of processor, builds of the same rounding end a run in the same bytes. */
  readonly rounding: string;
  /** Why it is not a faster build that could be expected here. */
  readonly shortfall?: Shortfall;
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Steps after which losses and correct answers are read back from the device. A read waits for all work submitted to
   * the device: 1 where steps are done when their calls return, more where they are queued.
   */
  readonly metricsInterval: number;
  /** Whether a batch is predicted some images at a time, so that activations stay in the processor's caches. */
  readonly predictsInGroups: boolean;
  /** Whether whole steps are compiled for the device (XLA). */
  readonly compiled: boolean;
  /** Present if steps can be recorded: see `StepRecorder`. */
  readonly createRecorder?: () => StepRecorder;
  /** Memory that tensors use now: WASM's whole heap, or the bytes of live tensors. */
  memoryBytes(): number;
}

/** How engines compute, each its own part. */
export interface EngineSettings {
  /** Which native kernels wasm uses. */
  readonly native: NativeOption;
  /** Compile whole steps with XLA: engines that record steps. */
  readonly xla: boolean;
  /** Never record steps. */
  readonly eager: boolean;
  readonly warn: (text: string) => void;
}

/** The implementation behind a row of the table of engines. */
export interface EngineImplementation {
  /**
   * Makes it the current engine; `build` is one of its `builds`, or undefined for the fastest that this Node and the
   * settings allow.
   * @throws UserError naming what is missing and how to get it.
   */
  load(build: string | undefined, settings: EngineSettings): Promise<Engine>;
  /**
   * What its library says, in one line, if an error from one of its kernels means that there was no memory left for a
   * tensor; null if it means something else.
   */
  whyOutOfMemory(error: unknown): string | null;
}
