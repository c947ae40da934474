import * as z from 'zod';
import { recipeSchema } from '../manifest/recipe-schema.ts';
import { whole } from '../schema/whole.ts';
import type { Immutable } from '../types/immutable.ts';

const count = z.int().min(0);

export const runConfigSchema = z.object({
  formatVersion: z.literal(1),
  runId: z.string(),
  /** Hash of dataset id and recipe without the seed: runs that share it differ only in their seed. */
  recipeId: z.string(),
  datasetId: z.string(),
  recipe: whole(recipeSchema),
  seed: count,
});

/** `runs/<runId>/config.json`. */
export type RunConfig = Immutable<z.output<typeof runConfigSchema>>;

const epochRowSchema = z.object({
  epoch: count,
  /** Optimizer steps done by the end of the epoch. */
  step: count,
  trainLoss: z.number(),
  trainAccuracy: z.number(),
  validationLoss: z.number(),
  validationAccuracy: z.number(),
  /** Only if the epoch is chosen, or the run ended, by one of the two. */
  validationBalancedAccuracy: z.number().optional(),
  validationMacroF1: z.number().optional(),
  learningRate: z.number(),
});

/**
 * Figures of one epoch. Losses are mean cross entropy in nats; those of training are means over the epoch's steps as
 * they ran.
 */
export type EpochRow = Immutable<z.output<typeof epochRowSchema>>;

export const fileEntrySchema = z.object({ key: z.string(), bytes: count, sha256: z.string() });

export type FileEntry = Immutable<z.output<typeof fileEntrySchema>>;

export const runRecordSchema = z.object({
  formatVersion: z.literal(1),
  runId: z.string(),
  recipeId: z.string(),
  datasetId: z.string(),
  seed: count,
  status: z.enum(['finished', 'diverged']),
  stopReason: z.enum(['maxEpochs', 'earlyStopping', 'diverged']),
  epochs: z.array(epochRowSchema),
  steps: count,
  imagesSeen: count,
  /** The epoch whose weights are kept as `model`; null when the run diverged before one ended. */
  bestEpoch: count.nullable(),
  /** Weights (named parameters and running statistics) of the best epoch, safetensors; null like bestEpoch. */
  model: fileEntrySchema.nullable(),
  /**
   * Step history, safetensors: `step` int32 [n], `loss` float32 [n], `accuracy` float32 [n], `learningRate` float32
   * [n], n = steps.
   */
  history: fileEntrySchema,
  parameters: count,
  macs: count,
});

/** `runs/<runId>/run.json`: written last, if absent. It holds only values that the configuration determines. */
export type RunRecord = Immutable<z.output<typeof runRecordSchema>>;

export type StopReason = RunRecord['stopReason'];
