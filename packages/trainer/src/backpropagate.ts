import type { Network } from '@bakeoff/model';
import { mul, type Tensor4D } from '@tensorflow/tfjs-core';
import { crossEntropy } from './batch-scores.ts';

export interface LabelledBatch {
  /** float32 [n, h, w, c], disposed here. */
  readonly input: Tensor4D;
  readonly labels: Uint8Array;
  /** Positions of the batch's labels. */
  readonly indices: Int32Array;
}

type TrainingPass = Parameters<Network['forward']>[1];

/**
 * Forward and backward pass of a batch. The caller disposes the gradients of `weight` times its mean loss, and the
 * tensors of its scores.
 */
export function backpropagate(
  network: Network,
  { input, labels, indices }: LabelledBatch,
  pass: TrainingPass,
  weight = 1,
) {
  const logits = network.forward(input, pass);
  input.dispose();
  const { dLogits: unweighted, ...scores } = crossEntropy(logits, labels, indices);
  logits.dispose();
  const dLogits = weight === 1 ? unweighted : mul<typeof unweighted>(unweighted, weight);
  const gradients = network.backward(dLogits);
  for (const tensor of [unweighted, dLogits]) tensor.dispose();
  return { gradients, scores };
}
