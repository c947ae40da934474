import type { PlannedRun } from '@bakeoff/core';
import { describeModel } from '@bakeoff/model/architectures';

const MIB = 2 ** 20;
/** Node, TensorFlow.js and its WASM module with nothing loaded. */
const PROCESS_BYTES = 220 * MIB;
const IMAGE_SHAPE = [32, 32, 3] as const;
const IMAGE_BYTES = 32 * 32 * 3;
const EVALUATION_BATCH = 256;

export interface SplitCounts {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** What a stage's process is expected to take at its peak, for deciding how many run at a time. An estimate from above: ±30 %. */
export function estimateMemoryBytes(stage: 'train' | 'evaluate', run: PlannedRun, images: SplitCounts): number {
  const { cost } = describeModel(run.recipe.model, { imageShape: IMAGE_SHAPE, classes: 10 });
  const weightBytes = cost.parameters * 4;
  if (stage === 'evaluate') {
    return PROCESS_BYTES + 2 * (images.test + images.validation) * IMAGE_BYTES + 4 * weightBytes + cost.activationBytes * (EVALUATION_BATCH / 4);
  }
  // At most two views are in memory; a shard's bytes and the pixels copied out of it exist at the same time.
  const views = run.recipe.augmentation === null ? 1 : 2;
  const imageBytes = (views * images.train + images.validation) * IMAGE_BYTES + 15 * MIB;
  // Weights, gradients, two moments, best weights, and a checkpoint while it is written.
  return PROCESS_BYTES + imageBytes + 7 * weightBytes + 1.5 * cost.activationBytes * run.recipe.batchSize;
}
