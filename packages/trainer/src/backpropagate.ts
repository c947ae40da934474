import type { kernels, Network } from '@bakeoff/model';
import { crossEntropy } from './batch-scores.ts';

export interface LabelledBatch {
  /** float32 [n, h, w, c], disposed here. */
  readonly input: ReturnType<typeof kernels.gatherImages>;
  readonly labels: Uint8Array;
  /** Which of the labels are the batch's. */
  readonly indices: Int32Array;
}

type TrainingPass = Parameters<Network['forward']>[1];

/** Forward and backward of a batch. The gradients of its mean loss and the tensors of its scores are the caller's to dispose. */
export function backpropagate(network: Network, { input, labels, indices }: LabelledBatch, pass: TrainingPass) {
  const logits = network.forward(input, pass);
  input.dispose();
  const { dLogits, ...scores } = crossEntropy(logits, labels, indices);
  logits.dispose();
  const gradients = network.backward(dLogits);
  dLogits.dispose();
  return { gradients, scores };
}
