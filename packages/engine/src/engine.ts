/**
 * Fastest first, as `auto` tries them (docs/performance.md: on a processor wasm is ahead of TensorFlow's library).
 * The CLI reads them at every start (`@bakeoff/model/engine-names`), so nothing here imports TensorFlow.js.
 */
export const engineNames = ['tensorflow-gpu', 'wasm', 'tensorflow', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];

/** A TensorFlow.js backend with the training kernels registered on it, made the current one. */
export interface Engine {
  readonly name: EngineName;
  /** Which variant runs, e.g. `relaxed-simd`, `TensorFlow 2.9.1, GPU`. */
  readonly build: string;
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Steps after which loss and hits are read back from the device. A read waits for all work that was given to it: 1 where steps are done when
   * their calls return, more where they are queued.
   */
  readonly metricsInterval: number;
  /** Memory that tensors take now: WASM's whole heap, or the bytes of live tensors. */
  memoryBytes(): number;
}
