import { type Recipe, viewsAreStored } from '@bakeoff/core';
import { describeModel, type NetworkInput } from '@bakeoff/model/architectures';

const MIB = 2 ** 20;
const FLOAT32_BYTES = 4;
/** Reading a shard and checking its digest. */
const SHARD_BYTES = 15 * MIB;
/**
 * Copies of the weights at the peak, which is a checkpoint: weights, gradients, two moments and the best weights so
 * far; all except the gradients again as the checkpoint's tensors and again as its file; and intermediate layouts that
 * WASM's memory keeps.
 */
const WEIGHT_COPIES = 18;

/**
 * Each further replica's thread: engine and code; weights, gradients and moments; its gradients and the initial state
 * in shared memory; and intermediate copies.
 */
const REPLICA_BYTES = 90 * MIB;
const REPLICA_WEIGHT_COPIES = 11;

/** With an average of the weights: its vector, its network, the joined weights and two steps to their average. */
const AVERAGE_COPIES = 7;

export interface TrainingData extends NetworkInput {
  readonly images: { readonly train: number; readonly validation: number };
}

/**
 * What a training needs at its peak, in bytes, on top of its process with an engine loaded. An upper bound: peaks of
 * the process measured with CIFARnet, ResNet20 (batches of 32 and 128) and ResNet18 (11 million parameters), the last
 * two also with 2 replicas, were 73 to 100% of the estimate.
 */
export function trainingMemoryBytes(
  recipe: Pick<Recipe, 'model' | 'augmentation' | 'batchSize' | 'replicas' | 'ema'>,
  { images, ...input }: TrainingData,
): number {
  const { model, augmentation, batchSize, replicas, ema } = recipe;
  const { cost } = describeModel(model, input);
  const weightBytes = cost.parameters * FLOAT32_BYTES;
  const imageBytes = input.imageShape.reduce((product, extent) => product * extent, 1);
  // At most two views are in memory, and none but the originals where pixels move while a batch is gathered. A shard's bytes and the pixels copied out of it exist at the same time.
  const views = augmentation !== null && viewsAreStored(augmentation) ? 2 : 1;
  const pixelBytes = 1.5 * (views * images.train + images.validation) * imageBytes + SHARD_BYTES;
  // Activations are counted for the whole batch, however it is divided among replicas; training images are held once.
  const replicaBytes = (replicas - 1) * (REPLICA_BYTES + REPLICA_WEIGHT_COPIES * weightBytes);
  const copies = WEIGHT_COPIES + (ema === null ? 0 : AVERAGE_COPIES);
  return pixelBytes + copies * weightBytes + replicaBytes + 1.1 * cost.activationBytes * batchSize;
}
