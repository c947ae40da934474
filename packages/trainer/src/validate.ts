import { kernels, type Network, type pixelTransform } from '@bakeoff/model';
import { tensor1d } from '@tensorflow/tfjs-core';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Fixed, so that validation figures do not depend on a run's batch size; small, so that an interruption is answered within a few seconds on the deepest networks. */
const BATCH_SIZE = 100;

interface LabelledImages {
  readonly images: ReturnType<typeof kernels.uploadImages>;
  readonly labels: Uint8Array;
}

/** Mean cross entropy (nats) and accuracy in evaluation mode over all images, in order; undefined where the signal ended it early. */
export async function validate(network: Network, { images, labels }: LabelledImages, pixels: ReturnType<typeof pixelTransform>, signal: AbortSignal): Promise<{ readonly loss: number; readonly accuracy: number } | undefined> {
  let loss = 0;
  let correct = 0;
  const predictor = network.freeze();
  try {
    for (let from = 0; from < labels.length; from += BATCH_SIZE) {
      await nextTurn();
      if (signal.aborted) return undefined;
      const indices = Int32Array.from({ length: Math.min(BATCH_SIZE, labels.length - from) }, (_, i) => from + i);
      const input = kernels.gatherImages(images, indices, pixels);
      const logits = predictor.predict(input);
      const sums = score(logits, labels, indices);
      for (const tensor of [input, logits, sums.dLogits]) tensor.dispose();
      loss += sums.loss;
      correct += sums.correct;
    }
  } finally {
    predictor.dispose();
  }
  return { loss: loss / labels.length, accuracy: correct / labels.length };
}

type Logits = ReturnType<Network['predict']>;

/** Summed cross entropy and count of right answers of a batch, and the gradient of its mean loss (the caller's to dispose). */
export function score(logits: Logits, labels: Uint8Array, indices: Int32Array): { readonly loss: number; readonly correct: number; readonly dLogits: Logits } {
  const batchLabels = tensor1d(Int32Array.from(indices, (index) => labels[index] as number), 'int32');
  const { losses, correct, dLogits } = kernels.softmaxCrossEntropy(logits, batchLabels);
  const sums = { loss: sum(losses.dataSync()), correct: sum(correct.dataSync()), dLogits };
  for (const tensor of [batchLabels, losses, correct]) tensor.dispose();
  return sums;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}
