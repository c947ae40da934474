import type { PlannedRun } from '@bakeoff/core';
import { describeModel } from '@bakeoff/model/architectures';

const MIB = 2 ** 20;
/** Node, TensorFlow.js and its WASM module with nothing loaded. */
const PROCESS_BYTES = 130 * MIB;
const IMAGE_SHAPE = [32, 32, 3] as const;
const IMAGE_BYTES = 32 * 32 * 3;
/** Images whose activations evaluation holds at a time, by its peak: it frees each layer's once the next is computed. */
const EVALUATED_IMAGES = 32;
/**
 * Copies of the weights at the peak, a checkpoint: weights, gradients, two moments and the best weights so far; all but the gradients
 * once more as the tensors of the checkpoint and again as its file; and what WASM's memory keeps of layouts in between.
 */
const WEIGHT_COPIES = 18;

/** A further replica's thread: engine and code; weights, gradients and moments, its gradients and the start's state in shared memory, and copies in between. */
const REPLICA_BYTES = 90 * MIB;
const REPLICA_WEIGHT_COPIES = 11;

export interface SplitCounts {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/**
 * What a stage's process takes at its peak, for deciding how many run at a time and whether one can run at all. From above: peaks measured
 * with CIFARnet, ResNet20 (batches of 32 and 128) and ResNet18 (11 million parameters), the last two also with 2 replicas, were 73 to 100 % of it.
 */
export function estimateMemoryBytes(stage: 'train' | 'evaluate', run: PlannedRun, images: SplitCounts): number {
  const { cost } = describeModel(run.recipe.model, { imageShape: IMAGE_SHAPE, classes: 10 });
  const weightBytes = cost.parameters * 4;
  if (stage === 'evaluate') {
    return (
      PROCESS_BYTES +
      2 * (images.test + images.validation) * IMAGE_BYTES +
      4 * weightBytes +
      cost.activationBytes * EVALUATED_IMAGES
    );
  }
  // At most two views are in memory; a shard's bytes and the pixels copied out of it exist at the same time.
  const views = run.recipe.augmentation === null ? 1 : 2;
  const imageBytes = 1.5 * (views * images.train + images.validation) * IMAGE_BYTES + 15 * MIB;
  // Activations are those of the batch, whoever has its parts; training images are held once.
  const replicaBytes = (run.recipe.replicas - 1) * (REPLICA_BYTES + REPLICA_WEIGHT_COPIES * weightBytes);
  return (
    PROCESS_BYTES +
    imageBytes +
    WEIGHT_COPIES * weightBytes +
    replicaBytes +
    1.1 * cost.activationBytes * run.recipe.batchSize
  );
}
