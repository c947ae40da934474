import type { SplitScores } from '@bakeoff/statistics/metrics';
import type { FileEntry } from './run.ts';

/** Cost of one image's forward pass under common conventions. Each is what the package of that name counts. */
export interface ModelCost {
  readonly parameters: number;
  readonly macs: number;
  readonly flops: number;
  readonly ptflops: number;
  readonly fvcore: number;
  readonly thop: number;
  /** float32 activations kept for the backward pass, bytes per image. */
  readonly activationBytes: number;
}

export interface HardImage {
  /** Id of the image in its split. */
  readonly id: number;
  readonly label: number;
  /** Index of the predicted class; the number of classes if the highest output is beyond them. */
  readonly prediction: number;
  readonly confidence: number;
  readonly loss: number;
  /** The 32×32 image as a PNG, base64. */
  readonly png: string;
}

/** `evaluations/<evaluationId>/evaluation.json`. */
export interface EvaluationRecord {
  readonly formatVersion: 1;
  readonly evaluationId: string;
  readonly runId: string;
  readonly datasetId: string;
  readonly bestEpoch: number;
  readonly classes: readonly string[];
  readonly test: SplitScores;
  readonly validation: SplitScores;
  /** Training accuracy (as trained, best epoch) minus test accuracy. */
  readonly generalizationGap: number;
  readonly cost: ModelCost;
  /** FLOPs of the whole training: 3 × forward × images seen, plus validation passes. */
  readonly trainingFlops: number;
  readonly modelBytes: number;
  /**
   * safetensors: `logits` float32 [n, classes], `labels` uint8 [n], `ids` int32 [n], in test-split order. For a network
   * with more outputs than classes, also what the scores need from the other outputs: `otherTop` float32 [n, ≤ 5],
   * `otherLogSumExp` and `otherLogSumExpOfDoubles` float64 [n].
   */
  readonly predictions: FileEntry;
  /** One bit per image in test-split order, 1 = correct, most significant bit first; base64. */
  readonly correctness: string;
  /** SHA-256 over the test split's ids, labels and pixels. Two evaluations can be compared only if it is equal. */
  readonly testSetSha256: string;
  /** Highest loss first. */
  readonly hardestImages: readonly HardImage[];
  /** Wrong with the highest confidence first. */
  readonly confidentlyWrong: readonly HardImage[];
}

/** `evaluations/<evaluationId>/measurements/<attemptId>.json`. */
export interface EvaluationMeasurement {
  readonly formatVersion: 1;
  readonly evaluationId: string;
  readonly attemptId: string;
  readonly engine: import('./run.ts').EngineDescription;
  readonly startedAt: string;
  readonly wallSeconds: number;
  readonly latency: readonly {
    readonly batchSize: number;
    readonly medianMs: number;
    readonly imagesPerSecond: number;
    readonly repetitions: number;
  }[];
}
