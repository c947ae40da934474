import { UserError } from '@bakeoff/core';
import type { Tensor1D, Variable } from '@tensorflow/tfjs-core';
import type { Gradients } from '../operator.ts';
import type { Weights } from '../weights.ts';

/** PyTorch's constants; the running variance is unbiased, as in PyTorch. */
export const BATCH_NORM_EPSILON = 1e-5;
const RUNNING_MOMENTUM = 0.1;

/** A batch norm's parameters and running statistics. */
export class NormWeights {
  readonly gamma: Tensor1D;
  readonly beta: Tensor1D;
  readonly running: { readonly mean: Variable; readonly variance: Variable; readonly momentum: number };

  constructor(
    private readonly name: string,
    weights: Weights,
  ) {
    this.gamma = weights.vector(`${name}.weight`);
    this.beta = weights.vector(`${name}.bias`);
    this.running = {
      mean: weights.variable(`${name}.running_mean`),
      variance: weights.variable(`${name}.running_var`),
      momentum: RUNNING_MOMENTUM,
    };
  }

  /** @throws UserError if there is only one value per channel, which has no variance */
  checkCount(valuesPerChannel: number): void {
    if (valuesPerChannel >= 2) return;
    throw new UserError({
      what: `batch norm ${this.name} cannot train on one value per channel`,
      received: 'a batch of 1 image',
      allowed: '2 images or more',
      fix: 'raise batchSize, or the number of training images',
    });
  }

  setGradients(gradients: Gradients, dGamma: Tensor1D, dBeta: Tensor1D): void {
    gradients.set(`${this.name}.weight`, dGamma);
    gradients.set(`${this.name}.bias`, dBeta);
  }
}
