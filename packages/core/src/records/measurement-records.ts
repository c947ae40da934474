import * as z from 'zod';
import type { Immutable } from '../types/immutable.ts';

const count = z.int().min(0);

export const engineDescriptionSchema = z.object({
  name: z.string(),
  /** e.g. 'relaxed-simd', 'CUDA 11.8'. */
  build: z.string(),
  versions: z.record(z.string(), z.string()),
  hardware: z.object({
    processor: z.string(),
    cores: z.number(),
    memoryMib: z.number(),
    /** Of engine tensorflow-gpu: the device's name, its driver's version and its memory, as nvidia-smi gives them. */
    gpu: z.string().optional(),
    gpuDriver: z.string().optional(),
    gpuMemoryMib: z.number().optional(),
  }),
  bakeoffVersion: z.string(),
  codeRevision: z.string(),
});

export type EngineDescription = Immutable<z.output<typeof engineDescriptionSchema>>;

const gpuUseSchema = z.object({
  /** Number of samples. */
  samples: count,
  /** Highest memory in use; null if the driver does not report it, as for a part of a GPU (MIG). */
  peakMemoryMib: z.number().nullable(),
  /** Fraction of the time in which a kernel ran, 0…1, mean over the samples; null in the same case. */
  meanUtilization: z.number().nullable(),
});

/**
 * What the GPU did during an attempt, sampled every few seconds. Figures are for the whole device, including other
 * processes that use it.
 */
export type GpuUse = Immutable<z.output<typeof gpuUseSchema>>;

export const trainingMeasurementSchema = z.object({
  formatVersion: z.literal(1),
  runId: z.string(),
  attemptId: z.string(),
  engine: engineDescriptionSchema,
  startedAt: z.string(),
  /** Step the attempt started from (0, or a checkpoint's) and the one it reached. */
  firstStep: count,
  lastStep: count,
  outcome: z.enum(['finished', 'diverged', 'interrupted', 'failed', 'running']),
  wallSeconds: z.number(),
  /** Training throughput over the attempt, validation and checkpoints excluded. */
  imagesPerSecond: z.number(),
  epochs: z.array(z.object({ epoch: count, wallSeconds: z.number(), imagesPerSecond: z.number() })),
  peakMemoryBytes: z.number(),
  /** What it has warned of, in order; absent without warnings. */
  warnings: z.array(z.string()).optional(),
  /** Of an attempt that failed: the message, or a bug's stack. */
  failure: z.string().optional(),
  /**
   * Of engine tensorflow-gpu; absent if the attempt ended before the first sample of the GPU, or if its driver reports
   * nothing.
   */
  gpu: gpuUseSchema.optional(),
  /**
   * Set on AWS: instance type (or the size of a Fargate task) and Batch job attempt, for cost; `startupSeconds` is the
   * time from the start of the process to the start of the attempt.
   */
  host: z
    .object({
      instanceType: z.string().optional(),
      fargate: z.object({ vcpus: z.number(), memoryMib: z.number() }).optional(),
      batchJobId: z.string().optional(),
      batchAttempt: z.number().optional(),
      purchase: z.enum(['spot', 'on-demand']).optional(),
      startupSeconds: z.number().optional(),
    })
    .optional(),
});

/** `runs/<runId>/measurements/<attemptId>.json`: what depends on machine, engine and time. */
export type TrainingMeasurement = Immutable<z.output<typeof trainingMeasurementSchema>>;

export const evaluationMeasurementSchema = z.object({
  formatVersion: z.literal(1),
  evaluationId: z.string(),
  attemptId: z.string(),
  engine: engineDescriptionSchema,
  startedAt: z.string(),
  wallSeconds: z.number(),
  latency: z.array(
    z.object({ batchSize: count, medianMs: z.number(), imagesPerSecond: z.number(), repetitions: count }),
  ),
});

/** `evaluations/<evaluationId>/measurements/<attemptId>.json`. */
export type EvaluationMeasurement = Immutable<z.output<typeof evaluationMeasurementSchema>>;
