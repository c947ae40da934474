import type { Network } from '@bakeoff/model';
import { mul, type Tensor4D } from '@tensorflow/tfjs-core';
import type { BatchImages } from './mixup.ts';
import type { TrainingLoss } from './training-loss.ts';

export interface TrainingBatch {
  /** float32 [n, h, w, c], disposed here. */
  readonly input: Tensor4D;
  /** The images of `input`. */
  readonly images: BatchImages;
  /** Positions of the whole batch, if `images` are only a replica's part of it. */
  readonly whole?: Int32Array;
}

type TrainingPass = Parameters<Network['forward']>[1];

/**
 * Forward and backward pass of a batch, or of a part of one: then the gradients are those of the part's share of the
 * batch's mean loss. The caller disposes the gradients, and the tensors of the scores.
 */
export function backpropagate(
  network: Network,
  { input, images, whole = images.indices }: TrainingBatch,
  loss: TrainingLoss,
  pass: TrainingPass,
) {
  const logits = network.forward(input, pass);
  input.dispose();
  const { dLogits: ofPart, ...scores } = loss.score(logits, images, whole);
  logits.dispose();
  const weight = images.indices.length / whole.length;
  const dLogits = weight === 1 ? ofPart : mul<typeof ofPart>(ofPart, weight);
  const gradients = network.backward(dLogits);
  for (const tensor of [ofPart, dLogits]) tensor.dispose();
  return { gradients, scores };
}
