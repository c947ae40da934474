import type { ModelConfig } from '@bakeoff/core';
import { describeModel, type NetworkInput } from '@bakeoff/model/architectures';

/** What decides how long a step of a network takes. */
export interface NetworkSize {
  /** Multiply-accumulates of one image's forward pass. */
  readonly macs: number;
  /** Of one image, kept for the backward pass. */
  readonly activationBytes: number;
  /** Weights of its convolutions: a step transforms them and their gradients once, whatever its batch. */
  readonly convolutionWeights: number;
}

export function networkSize(model: ModelConfig, input: NetworkInput): NetworkSize {
  const { macs, cost, layers } = describeModel(model, input);
  const convolutions = layers.filter(({ type }) => type === 'conv2d');
  return {
    macs,
    activationBytes: cost.activationBytes,
    convolutionWeights: convolutions.reduce((sum, { parameters }) => sum + parameters, 0),
  };
}
