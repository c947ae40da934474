import type { NativeOption } from '@bakeoff/wasm-kernels/native-options';
import type { EngineName } from './engines.ts';

interface Shortfall {
  readonly why: string;
  /** Something is missing or damaged, so that whoever trains should be told. */
  readonly isFault: boolean;
}

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
  /** Memory that tensors use now: WASM's whole heap, or the bytes of live tensors. */
  memoryBytes(): number;
}

/** The implementation behind a row of the table of engines. */
export interface EngineImplementation {
  /**
   * Makes it the current engine; `build` is one of its `builds`, or undefined for the fastest that this Node and the
   * setting `native` allow.
   * @throws UserError naming what is missing and how to get it.
   */
  load(build: string | undefined, native: NativeOption): Promise<Engine>;
  /** Whether an error from one of its kernels means that there was no memory left for a tensor. */
  isOutOfMemory(error: unknown): boolean;
}
