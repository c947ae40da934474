import { UserError } from '@bakeoff/core';
import type { Tensor1D, Variable } from '@tensorflow/tfjs-core';
import { type Gradients, weight, type Weights } from './operator.ts';

/** PyTorch's constants; the running variance is the unbiased one, as there. */
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
    this.gamma = weight(weights, `${name}.weight`) as unknown as Tensor1D;
    this.beta = weight(weights, `${name}.bias`) as unknown as Tensor1D;
    this.running = {
      mean: weight(weights, `${name}.running_mean`),
      variance: weight(weights, `${name}.running_var`),
      momentum: RUNNING_MOMENTUM,
    };
  }

  /** @throws UserError where there is but one value a channel, which has no variance */
  checkCount(valuesPerChannel: number): void {
    if (valuesPerChannel >= 2) return;
    throw new UserError({
      what: `batch norm ${this.name} cannot train on one value a channel`,
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
