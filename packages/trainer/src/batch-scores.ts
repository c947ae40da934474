import * as kernels from '@bakeoff/kernels';
import type { Network } from '@bakeoff/model';
import { concat, type Tensor1D, tensor1d } from '@tensorflow/tfjs-core';

type Logits = ReturnType<Network['predict']>;

/** The scores of a batch, summed over its images. */
export interface BatchScore {
  readonly images: number;
  /** Cross entropy, nats. */
  readonly loss: number;
  readonly correct: number;
}

export interface DeviceScore {
  /** float32 [images] each. */
  readonly losses: Tensor1D;
  readonly correct: Tensor1D;
}

/** Cross entropy of a batch of the images `indices`, and the gradient of its mean; the caller disposes the tensors. */
export function crossEntropy(
  logits: Logits,
  labels: Uint8Array,
  indices: Int32Array,
): DeviceScore & { readonly dLogits: Logits } {
  const batchLabels = tensor1d(
    Int32Array.from(indices, (index) => labels[index]!),
    'int32',
  );
  const result = kernels.softmaxCrossEntropy(logits, batchLabels);
  batchLabels.dispose();
  return result;
}

/**
 * Scores of batches that stay on the device until they are read all at once: where steps are queued, a read waits for
 * all of them.
 */
export class BatchScores {
  private pending: DeviceScore[] = [];

  /** Batches whose scores have not been read yet. */
  get unread(): number {
    return this.pending.length;
  }

  /** Takes ownership of the tensors. */
  add({ losses, correct }: DeviceScore): void {
    this.pending.push({ losses, correct });
  }

  /** The scores of the batches added since the last call, in order. */
  read(): BatchScore[] {
    if (this.pending.length === 0) return [];
    const tensors = this.pending.flatMap(({ losses, correct }) => [losses, correct]);
    const joined = concat(tensors);
    const values = joined.dataSync();
    let at = 0;
    const next = (length: number): number => sum(values.subarray(at, (at += length)));
    const scores = this.pending.map(({ losses: { size } }) => ({
      images: size,
      loss: next(size),
      correct: next(size),
    }));
    joined.dispose();
    this.dispose();
    return scores;
  }

  dispose(): void {
    for (const { losses, correct } of this.pending) {
      losses.dispose();
      correct.dispose();
    }
    this.pending = [];
  }
}

/** Added one after another in float64: a run's figures are reproducible to the byte only if the order is fixed. */
function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
