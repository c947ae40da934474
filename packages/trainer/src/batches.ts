import { Random, stepsPerEpoch } from '@bakeoff/core';

/** How an epoch's images are divided into batches (see `stepsPerEpoch` for the last one). */
export class BatchPlan {
  readonly stepsPerEpoch: number;

  constructor(
    readonly images: number,
    readonly batchSize: number,
  ) {
    this.stepsPerEpoch = stepsPerEpoch(images, batchSize);
  }

  /** Positions [from, to), in the epoch's order, of batch `position` (from 0). */
  range(position: number): readonly [number, number] {
    return [
      position * this.batchSize,
      position === this.stepsPerEpoch - 1 ? this.images : (position + 1) * this.batchSize,
    ];
  }
}

/**
 * The order in which epoch `epoch` (from 1) shows the training images. It is a pure function of seed and epoch, so
 * resuming needs no generator state.
 */
export function epochOrder(seed: number, epoch: number, images: number): Int32Array {
  return new Random(seed).split('shuffle', epoch).permutation(images);
}
