import type { EngineDescription, TrainingMeasurement } from '@bakeoff/core';

/**
 * What depends on the machine, the engine and the day. Kept separate from ReportData, so that two reports can be
 * compared without it.
 */
export interface Measurements {
  /** By run index; null if nothing was measured. */
  readonly runs: readonly (RunMeasurement | null)[];
  readonly engines: readonly EngineDescription[];
  /** By run index: why it has no result, if that was recorded. */
  readonly failures: readonly (string | null)[];
  /** Whose prices they are, and where they come from; null if no attempt ran on a machine with a price. */
  readonly prices: PricesUsed | null;
}

interface PricesUsed {
  readonly date: string;
  /** As AWS names it. */
  readonly region: string;
  readonly source: string;
  /** By how many days they are older than the newest attempt; 0 if they are not. */
  readonly ageDays: number;
}

export interface RunMeasurement {
  readonly attempts: readonly Attempt[];
  /** Wall-clock seconds of training over all attempts, including lost time. */
  readonly wallSeconds: number;
  readonly imagesPerSecond: number | null;
  readonly peakMemoryBytes: number;
  /**
   * Of the device that trained; null if it was not a GPU, or its driver does not report it. Utilization is a share of
   * time, 0…1.
   */
  readonly gpuPeakMemoryBytes: number | null;
  readonly gpuUtilization: number | null;
  /**
   * Seconds of the attempts' jobs, including start-up, and the seconds spent on steps that a later attempt repeated.
   */
  readonly jobSeconds: number;
  readonly lostSeconds: number;
  /** Dollars over all attempts; null if an attempt's machine has no price. */
  readonly dollars: number | null;
  /** Seconds since the start of training at the end of each epoch, by epoch, from the attempts that recorded them. */
  readonly epochEndSeconds: readonly number[];
  readonly latency: readonly {
    readonly batchSize: number;
    readonly medianMs: number;
    readonly imagesPerSecond: number;
    readonly repetitions: number;
  }[];
  /** Index in `engines` of the training and of the evaluation. */
  readonly trainingEngine: number | null;
  readonly evaluationEngine: number | null;
}

interface Attempt {
  readonly attemptId: string;
  readonly startedAt: string;
  readonly outcome: TrainingMeasurement['outcome'];
  readonly firstStep: number;
  readonly lastStep: number;
  readonly wallSeconds: number;
  readonly host: string | null;
}
