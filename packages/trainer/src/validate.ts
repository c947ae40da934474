import { type EngineImages, type Network, placesInOrder } from '@bakeoff/model';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BatchScores, crossEntropy } from './batch-scores.ts';

/**
 * Fixed, so that validation figures do not depend on a run's batch size. Small, so that even the deepest networks
 * respond to an interruption within a few seconds.
 */
const BATCH_SIZE = 100;

interface LabelledImages {
  readonly images: EngineImages;
  readonly labels: Uint8Array;
}

/**
 * Mean cross entropy (nats) and accuracy in evaluation mode over all images, in order; undefined if the signal ended it
 * early. Scores are read from the device every `readInterval` batches.
 */
export async function validate(
  network: Network,
  { images, labels }: LabelledImages,
  { signal, readInterval }: { readonly signal: AbortSignal; readonly readInterval: number },
): Promise<{ readonly loss: number; readonly accuracy: number } | undefined> {
  let loss = 0;
  let correct = 0;
  const scores = new BatchScores();
  const predictor = network.freeze();
  try {
    for (let from = 0; from < labels.length; from += BATCH_SIZE) {
      await nextTurn();
      if (signal.aborted) return undefined;
      const indices = placesInOrder(from, BATCH_SIZE, labels.length);
      const input = images.batch(indices);
      const logits = predictor.predict(input);
      const { dLogits, ...tensors } = crossEntropy(logits, labels, indices);
      for (const tensor of [input, logits, dLogits]) tensor.dispose();
      scores.add(tensors);
      const due = scores.unread >= readInterval || from + BATCH_SIZE >= labels.length;
      for (const batch of due ? scores.read() : []) {
        loss += batch.loss;
        correct += batch.correct;
      }
    }
  } finally {
    scores.dispose();
    predictor.dispose();
  }
  return { loss: loss / labels.length, accuracy: correct / labels.length };
}
