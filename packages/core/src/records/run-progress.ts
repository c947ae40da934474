import type { EpochRow } from './run-records.ts';

/** A training writes a checkpoint at the end of each epoch, and within an epoch after this time. */
export const CHECKPOINT_INTERVAL_MS = 5 * 60 * 1000;

/** How far an unfinished training has come: what its newest checkpoint says. */
export interface RunProgress {
  /** Of that checkpoint. */
  readonly key: string;
  /** Finished epochs. */
  readonly epochs: readonly EpochRow[];
  /** Optimizer steps done, those of the unfinished epoch included. */
  readonly steps: number;
  /** Mean loss of each step, in nats: float32 [steps]. */
  readonly loss: Float32Array;
  /** Share of each step's images that it classified correctly: float32 [steps]. */
  readonly accuracy: Float32Array;
}
