import * as z from 'zod';
import type { Immutable } from '../types/immutable.ts';
import { engineDescriptionSchema } from './measurement-records.ts';

const count = z.int().min(0);

const calibratedNetworkSchema = z.object({
  /** Multiply-accumulates of one image's forward pass. */
  macs: count,
  /** Of one image, kept for the backward pass. */
  activationBytes: count,
  /** Weights of its convolutions, without biases. */
  convolutionWeights: count,
  batchSize: count,
  /** Per image. */
  trainingSeconds: z.number().gt(0),
  /** Per image. */
  predictionSeconds: z.number().gt(0),
});

export type CalibratedNetwork = Immutable<z.output<typeof calibratedNetworkSchema>>;

/**
 * How fast a machine computes with one engine: what `bakeoff doctor --calibrate` measured. It is kept in the user's
 * cache, not in a store.
 */
export const calibrationSchema = z.object({
  formatVersion: z.literal(1),
  /** ISO time. */
  at: z.string(),
  engine: engineDescriptionSchema,
  /** How many times as long a step takes while every core trains a run of its own; 1: as long as alone. */
  sharing: z.number().min(1),
  networks: z.array(calibratedNetworkSchema).min(1),
});

export type Calibration = Immutable<z.output<typeof calibrationSchema>>;
