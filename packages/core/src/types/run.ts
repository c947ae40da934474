import type { AugmentationConfig } from './dataset.ts';
import type { Json } from './json.ts';

/** An architecture with its settings, every default filled in; `type` names it. The schema stands with the architecture. */
export type ModelConfig = { readonly type: string } & { readonly [setting: string]: Json };

export type OptimizerConfig =
  /** Adam with coupled L2, as torch.optim.Adam(weight_decay = l2). */
  | {
      readonly type: 'adam';
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly l2: number;
    }
  /** Decoupled weight decay, as torch.optim.AdamW. */
  | {
      readonly type: 'adamw';
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    }
  | {
      readonly type: 'sgd';
      readonly learningRate: number;
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly l2: number;
    };

/** Factor on the learning rate over time; epochs are counted from 1. */
export type ScheduleConfig = (
  | { readonly type: 'constant' }
  /** × factor after each of the named epochs. */
  | { readonly type: 'step'; readonly epochs: readonly number[]; readonly factor: number }
  /** Half a cosine from 1 to `finalFactor` over maxEpochs, by step. */
  | { readonly type: 'cosine'; readonly finalFactor: number }
) & {
  /** Linear rise by step from `warmupFactor` to 1 over this many epochs; 0: none. */
  readonly warmupEpochs: number;
  readonly warmupFactor: number;
};

export type Monitor = 'validationLoss' | 'validationAccuracy';

export interface EarlyStoppingConfig {
  readonly monitor: Monitor;
  /** Epochs without improvement before the run ends. */
  readonly patience: number;
  readonly minDelta: number;
}

/** How pixels 0…255 become float32: (pixel/255 − mean) / standardDeviation, by channel. */
export interface NormalizationConfig {
  readonly mean: readonly number[];
  readonly standardDeviation: readonly number[];
}

/** Everything that determines a training, but its dataset and seed. */
export interface Recipe {
  readonly model: ModelConfig;
  readonly optimizer: OptimizerConfig;
  readonly schedule: ScheduleConfig;
  readonly batchSize: number;
  readonly maxEpochs: number;
  readonly earlyStopping: EarlyStoppingConfig | null;
  /** What the best weights are chosen by (also without early stopping). */
  readonly selection: Monitor;
  readonly normalization: NormalizationConfig;
  readonly augmentation: AugmentationConfig | null;
  /** Data-parallel replicas inside one process, a core each; each sees batchSize / replicas images of a batch. */
  readonly replicas: number;
}

/** `runs/<runId>/config.json`. */
export interface RunConfig {
  readonly formatVersion: 1;
  readonly runId: string;
  /** Hash of dataset id and recipe without the seed: runs that share it differ by seed alone. */
  readonly recipeId: string;
  readonly datasetId: string;
  readonly recipe: Recipe;
  readonly seed: number;
}

/** Figures of one epoch. Losses are mean cross entropy in nats; training ones are the mean over the epoch's steps as they ran. */
export interface EpochRow {
  readonly epoch: number;
  /** Optimizer steps done at the epoch's end. */
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

/** `runs/<runId>/run.json`: written last, if absent; holds only values the configuration determines. */
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
   * Step history, safetensors: `step` int32 [n], `loss` float32 [n], `accuracy` float32 [n], `learningRate` float32 [n], n = steps.
   */
  readonly history: FileEntry;
  readonly parameters: number;
  readonly macs: number;
}

/** `runs/<runId>/measurements/<attemptId>.json`: what depends on machine, engine and day. */
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
  /** Of engine tensorflow-gpu; absent where the attempt ended before the first look at the GPU, or its driver tells nothing. */
  readonly gpu?: GpuUse;
  /** Set on AWS: instance type and Batch job attempt, for cost; `startupSeconds` is from the process's start to the attempt's. */
  readonly host?: {
    readonly instanceType?: string;
    readonly batchJobId?: string;
    readonly batchAttempt?: number;
    readonly purchase?: 'spot' | 'on-demand';
    readonly startupSeconds?: number;
  };
}

/** What the GPU did during an attempt, looked at every few seconds: the whole device, whoever else uses it included. */
export interface GpuUse {
  /** Looks that the figures rest on. */
  readonly samples: number;
  /** Highest memory in use; null where the driver does not tell, as of a part of a GPU (MIG). */
  readonly peakMemoryMib: number | null;
  /** Share of the time in which a kernel ran, 0…1, mean over the samples; null likewise. */
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
