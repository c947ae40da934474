import type { EngineDescription, TrainingMeasurement } from '@bakeoff/core';

/** What depends on machine, engine and day: kept apart from ReportData, so that two reports can be compared without it. */
export interface Measurements {
  /** By run index; null where nothing was measured. */
  readonly runs: readonly (RunMeasurement | null)[];
  readonly engines: readonly EngineDescription[];
  /** By run index: why it has no result, where that was recorded. */
  readonly failures: readonly (string | null)[];
  /** Where the dollars come from; null where no attempt ran on a priced machine. */
  readonly prices: { readonly date: string; readonly source: string } | null;
}

export interface RunMeasurement {
  readonly attempts: readonly Attempt[];
  /** Wall-clock seconds of training over all attempts, lost ones included. */
  readonly wallSeconds: number;
  readonly imagesPerSecond: number | null;
  readonly peakMemoryBytes: number;
  /** Of the device that trained; null where it was no GPU, or its driver does not tell. Utilisation is a share of time, 0…1. */
  readonly gpuPeakMemoryBytes: number | null;
  readonly gpuUtilization: number | null;
  /** Seconds of the attempts' jobs, start-up included, and those spent on steps that a later attempt did again. */
  readonly jobSeconds: number;
  readonly lostSeconds: number;
  /** Dollars over all attempts; null where an attempt's machine has no price. */
  readonly dollars: number | null;
  /** Seconds since the start of training at the end of each epoch, by epoch; of the attempts that kept them. */
  readonly epochEndSeconds: readonly number[];
  readonly latency: readonly {
    readonly batchSize: number;
    readonly medianMs: number;
    readonly imagesPerSecond: number;
    readonly repetitions: number;
  }[];
  /** Index into `engines` of the training and of the evaluation. */
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
