import { Random } from '@bakeoff/core';

/**
 * How an epoch's images fall into batches. As PyTorch's drop_last=False, an incomplete last batch is used; but a last batch of a single image is
 * joined to the batch before it, because batch normalisation over one value has no variance (PyTorch refuses it, `BatchNorm1d` of one sample).
 */
export class BatchPlan {
  readonly stepsPerEpoch: number;

  constructor(
    readonly images: number,
    readonly batchSize: number,
  ) {
    const batches = Math.ceil(images / batchSize);
    this.stepsPerEpoch = batches > 1 && batchSize > 1 && images % batchSize === 1 ? batches - 1 : batches;
  }

  /** Positions [from, to) in the epoch's order of its batch `position` (from 0). */
  range(position: number): readonly [number, number] {
    return [
      position * this.batchSize,
      position === this.stepsPerEpoch - 1 ? this.images : (position + 1) * this.batchSize,
    ];
  }
}

/** The order in which epoch `epoch` (from 1) shows the training images: a pure function of seed and epoch, so that resuming needs no generator state. */
export function epochOrder(seed: number, epoch: number, images: number): Int32Array {
  return new Random(seed).split('shuffle', epoch).permutation(images);
}
