import type { EngineName } from './engines.ts';

/** A TensorFlow.js backend with the training kernels registered on it, made the current backend. */
export interface Engine {
  readonly name: EngineName;
  /** Which variant runs, e.g. `relaxed-simd`, `TensorFlow 2.9.1, GPU`. */
  readonly build: string;
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Steps after which losses and correct answers are read back from the device. A read waits for all work submitted to
   * the device: 1 where steps are done when their calls return, more where they are queued.
   */
  readonly metricsInterval: number;
  /** Memory that tensors use now: WASM's whole heap, or the bytes of live tensors. */
  memoryBytes(): number;
}

/** The implementation behind a row of the table of engines. */
export interface EngineImplementation {
  /**
   * Makes it the current engine; `build` is one of its `builds`, or undefined for the fastest that this Node runs.
   * @throws UserError naming what is missing and how to get it.
   */
  load(build: string | undefined): Promise<Engine>;
  /** Whether an error from one of its kernels means that there was no memory left for a tensor. */
  isOutOfMemory(error: unknown): boolean;
}
