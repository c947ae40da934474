import type { SplitScores } from '@bakeoff/statistics/metrics';
import * as z from 'zod';
import { evaluationSchema } from '../manifest/evaluation-schema.ts';
import type { Immutable } from '../types/immutable.ts';
import { fileEntrySchema } from './run-records.ts';

const count = z.int().min(0);

const leastScoresSchema = z.object({ images: count, accuracy: z.number() });

/** A member per metric. Which ones there are depends on the version that wrote the record; the registry of metrics says what each is. */
const splitScoresSchema = z.custom<SplitScores>(
  (scores) => leastScoresSchema.safeParse(scores).success,
  'the number of images and their accuracy, beside other metrics',
);

const modelCostSchema = z.object({
  parameters: count,
  macs: count,
  flops: count,
  ptflops: count,
  fvcore: count,
  thop: count,
  /** float32 activations kept for the backward pass, bytes per image. */
  activationBytes: count,
});

/** Cost of one image's forward pass under common conventions. Each is what the package of that name counts. */
export type ModelCost = Immutable<z.output<typeof modelCostSchema>>;

const hardImageSchema = z.object({
  /** Id of the image in its split. */
  id: count,
  label: count,
  /** Index of the predicted class; the number of classes if the highest output is beyond them. */
  prediction: count,
  confidence: z.number(),
  loss: z.number(),
  /** The image as a PNG, base64. Absent from records that are published without the dataset's pictures. */
  png: z.string().optional(),
});

export type HardImage = Immutable<z.output<typeof hardImageSchema>>;

export const evaluationRecordSchema = z.object({
  formatVersion: z.literal(1),
  evaluationId: z.string(),
  runId: z.string(),
  datasetId: z.string(),
  bestEpoch: count,
  /** Test-time augmentation, of both splits; absent: none. */
  evaluation: evaluationSchema.optional(),
  classes: z.array(z.string()),
  test: splitScoresSchema,
  validation: splitScoresSchema,
  /** Training accuracy (as trained, best epoch) minus test accuracy. */
  generalizationGap: z.number(),
  /** Of one image's prediction: with test-time augmentation several forward passes. */
  cost: modelCostSchema,
  /** FLOPs of the whole training: 3 × forward × images seen, plus validation passes. */
  trainingFlops: z.number(),
  modelBytes: count,
  /**
   * safetensors: `logits` float32 [n, classes], `labels` uint8 [n], `ids` int32 [n], in test-split order. For a network
   * with more outputs than classes, also what the scores need from the other outputs: `otherTop` float32 [n, ≤ 5],
   * `otherLogSumExp` and `otherLogSumExpOfDoubles` float64 [n].
   */
  predictions: fileEntrySchema,
  /** One bit per image in test-split order, 1 = correct, most significant bit first; base64. */
  correctness: z.string(),
  /** SHA-256 over the test split's ids, labels and pixels. Two evaluations can be compared only if it is equal. */
  testSetSha256: z.string(),
  /** Highest loss first. */
  hardestImages: z.array(hardImageSchema),
  /** Wrong with the highest confidence first. */
  confidentlyWrong: z.array(hardImageSchema),
});

/** `evaluations/<evaluationId>/evaluation.json`. */
export type EvaluationRecord = Immutable<z.output<typeof evaluationRecordSchema>>;
