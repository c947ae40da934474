import type { DatasetIndex, PlannedRun, Recipe } from '@bakeoff/core';
import type { Network, pixelTransform } from '@bakeoff/model';
import type { Engine } from '@bakeoff/engine';
import type { BatchScore } from './batch-scores.ts';
import type { BatchImages } from './mixup.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import type { LossSettings } from './training-loss.ts';

export interface Batch extends BatchImages {
  /** How the pixels of `indices` move (`TrainingImages.movesOf`); null: they stay in place. */
  readonly moves: Int32Array | null;
  readonly learningRate: number;
  /** Counted from 1. */
  readonly step: number;
}

/** Computes a run's steps, in this thread or divided among several. */
export interface TrainingStep {
  /** Sets the uint8 images [n, h, w, c] that batches are drawn from; null keeps the current ones. */
  hold(images: Uint8Array | null): void;
  /** One optimizer step on the mean loss of a batch. */
  run(batch: Batch): Promise<void>;
  /** Steps whose scores have not been read yet. */
  readonly unread: number;
  /** Scores of the steps since the last call, in order. */
  read(): BatchScore[];
  /**
   * Gives network, optimizer and averages the values that the last step left. Call it before anything but a step reads
   * them.
   */
  publish(): void;
  /** Called at an epoch's end: throws if copies of the network are no longer equal to the last bit. */
  verify(): Promise<void>;
  memoryBytes(): number;
  dispose(): Promise<void>;
}

/** The part of a recipe that steps depend on, once there are a loss and an optimizer. */
export type StepRecipe = Pick<
  Recipe,
  'model' | 'optimizer' | 'maxGradientNorm' | 'batchSize' | 'replicas' | 'augmentation'
>;

/** What a step needs. Network and optimizer hold the state to continue from, and remain the caller's. */
export interface StepSetup {
  readonly run: Pick<PlannedRun, 'runId' | 'seed'> & { readonly recipe: StepRecipe };
  readonly index: Pick<DatasetIndex, 'imageShape' | 'classes'>;
  readonly engine: Engine;
  readonly labels: Uint8Array;
  readonly loss: LossSettings;
  readonly pixels: ReturnType<typeof pixelTransform>;
  readonly network: Network;
  readonly optimizer: Optimizer;
  /** Called at the end of every step, which counts from 1; it belongs to the step. */
  readonly stepped: (step: number) => void;
}
