import type { Recipe } from '../manifest/recipe-schema.ts';

/** `runs/<runId>/config.json`. */
export interface RunConfig {
  readonly formatVersion: 1;
  readonly runId: string;
  /** Hash of dataset id and recipe without the seed: runs that share it differ only in their seed. */
  readonly recipeId: string;
  readonly datasetId: string;
  readonly recipe: Recipe;
  readonly seed: number;
}

/**
 * Figures of one epoch. Losses are mean cross entropy in nats; those of training are means over the epoch's steps as
 * they ran.
 */
export interface EpochRow {
  readonly epoch: number;
  /** Optimizer steps done by the end of the epoch. */
  readonly step: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  readonly learningRate: number;
}

export type StopReason = 'maxEpochs' | 'earlyStopping' | 'diverged';

export interface FileEntry {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** `runs/<runId>/run.json`: written last, if absent. It holds only values that the configuration determines. */
export interface RunRecord {
  readonly formatVersion: 1;
  readonly runId: string;
  readonly recipeId: string;
  readonly datasetId: string;
  readonly seed: number;
  readonly status: 'finished' | 'diverged';
  readonly stopReason: StopReason;
  readonly epochs: readonly EpochRow[];
  readonly steps: number;
  readonly imagesSeen: number;
  /** The epoch whose weights are kept as `model`; null when the run diverged before one ended. */
  readonly bestEpoch: number | null;
  /** Weights (named parameters and running statistics) of the best epoch, safetensors; null like bestEpoch. */
  readonly model: FileEntry | null;
  /**
   * Step history, safetensors: `step` int32 [n], `loss` float32 [n], `accuracy` float32 [n], `learningRate` float32
   * [n], n = steps.
   */
  readonly history: FileEntry;
  readonly parameters: number;
  readonly macs: number;
}

/** `runs/<runId>/measurements/<attemptId>.json`: what depends on machine, engine and time. */
export interface TrainingMeasurement {
  readonly formatVersion: 1;
  readonly runId: string;
  readonly attemptId: string;
  readonly engine: EngineDescription;
  readonly startedAt: string;
  /** Step the attempt started from (0, or a checkpoint's) and the one it reached. */
  readonly firstStep: number;
  readonly lastStep: number;
  readonly outcome: 'finished' | 'diverged' | 'interrupted' | 'failed' | 'running';
  readonly wallSeconds: number;
  /** Training throughput over the attempt, validation and checkpoints excluded. */
  readonly imagesPerSecond: number;
  readonly epochs: readonly {
    readonly epoch: number;
    readonly wallSeconds: number;
    readonly imagesPerSecond: number;
  }[];
  readonly peakMemoryBytes: number;
  /**
   * Of engine tensorflow-gpu; absent if the attempt ended before the first sample of the GPU, or if its driver reports
   * nothing.
   */
  readonly gpu?: GpuUse;
  /**
   * Set on AWS: instance type and Batch job attempt, for cost; `startupSeconds` is the time from the start of the
   * process to the start of the attempt.
   */
  readonly host?: {
    readonly instanceType?: string;
    readonly batchJobId?: string;
    readonly batchAttempt?: number;
    readonly purchase?: 'spot' | 'on-demand';
    readonly startupSeconds?: number;
  };
}

/**
 * What the GPU did during an attempt, sampled every few seconds. Figures are for the whole device, including other
 * processes that use it.
 */
export interface GpuUse {
  /** Number of samples. */
  readonly samples: number;
  /** Highest memory in use; null if the driver does not report it, as for a part of a GPU (MIG). */
  readonly peakMemoryMib: number | null;
  /** Fraction of the time in which a kernel ran, 0…1, mean over the samples; null in the same case. */
  readonly meanUtilization: number | null;
}

export interface EngineDescription {
  readonly name: string;
  /** e.g. 'relaxed-simd', 'CUDA 11.8'. */
  readonly build: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly hardware: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryMib: number;
    /** Of engine tensorflow-gpu: the device's name, its driver's version and its memory, as nvidia-smi gives them. */
    readonly gpu?: string;
    readonly gpuDriver?: string;
    readonly gpuMemoryMib?: number;
  };
  readonly bakeoffVersion: string;
  readonly codeRevision: string;
}
