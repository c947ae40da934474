import type { StepRecorder } from '@bakeoff/engine';
import { type EngineImages, type Network, placesInOrder } from '@bakeoff/model';
import { balancedAccuracyOf, countConfusion, macroF1Of, scoreClasses } from '@bakeoff/statistics/metrics';
import { argMax, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
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

/** Means over the validation images. */
export interface Validation {
  /** Cross entropy, nats. */
  readonly loss: number;
  readonly accuracy: number;
  /** Only if asked for. */
  readonly classes?: { readonly balancedAccuracy: number; readonly macroF1: number };
}

interface Options {
  readonly recorder: StepRecorder;
  /** See Engine.predictsInGroups. */
  readonly inGroups: boolean;
  readonly signal: AbortSignal;
  /** Batches after which scores are read from the device. */
  readonly readInterval: number;
  /** Number of classes; given if the scores by class are wanted. */
  readonly classes?: number | undefined;
}

/** Predictions of batches, which stay on the device until they are read. */
class Predictions {
  private readonly pending: Tensor[] = [];
  private readonly read: Int32Array;
  private at = 0;

  constructor(
    private readonly labels: Uint8Array,
    private readonly classes: number,
  ) {
    this.read = new Int32Array(labels.length);
  }

  /** Takes ownership of the largest outputs of a batch, int32 [images]. */
  add(predicted: Tensor): void {
    this.pending.push(predicted);
  }

  /** Reads what was added since the last call. */
  flush(): void {
    for (const predicted of this.pending) {
      this.read.set(predicted.dataSync(), this.at);
      this.at += predicted.size;
    }
    this.dispose();
  }

  /** After all images. An output beyond the classes is wrong, and none of them. */
  scores(): NonNullable<Validation['classes']> {
    const predictions = this.read.map((output) => Math.min(output, this.classes));
    const perClass = scoreClasses(countConfusion(this.labels, predictions, this.classes), []);
    return { balancedAccuracy: balancedAccuracyOf(perClass), macroF1: macroF1Of(perClass) };
  }

  dispose(): void {
    for (const tensor of this.pending.splice(0)) tensor.dispose();
  }
}

/**
 * Mean cross entropy (nats) and accuracy in evaluation mode over all images, in order; undefined if the signal ended it
 * early. Scores are read from the device every `readInterval` batches.
 */
export async function validate(
  network: Network,
  { images, labels }: LabelledImages,
  { recorder, inGroups, signal, readInterval, classes }: Options,
): Promise<Validation | undefined> {
  let loss = 0;
  let correct = 0;
  const scores = new BatchScores();
  const predictions = classes === undefined ? undefined : new Predictions(labels, classes);
  const predictor = network.freeze({ inGroups });
  try {
    for (let from = 0; from < labels.length; from += BATCH_SIZE) {
      await nextTurn();
      if (signal.aborted) return undefined;
      const indices = placesInOrder(from, BATCH_SIZE, labels.length);
      const [losses, hits, predicted] = recorder.run(`validation of ${indices.length} images`, () => {
        const input = images.batch(indices);
        const logits = predictor.predict(input);
        const largest = predictions === undefined ? [] : [argMax(logits, 1)];
        const { dLogits, ...tensors } = crossEntropy(logits, labels, indices);
        for (const tensor of [input, logits, dLogits]) tensor.dispose();
        return [tensors.losses, tensors.correct, ...largest];
      }) as [Tensor1D, Tensor1D, Tensor?];
      if (predicted !== undefined) predictions?.add(predicted);
      scores.add({ losses, correct: hits });
      const due = scores.unread >= readInterval || from + BATCH_SIZE >= labels.length;
      if (due) predictions?.flush();
      for (const batch of due ? scores.read() : []) {
        loss += batch.loss;
        correct += batch.correct;
      }
    }
  } finally {
    scores.dispose();
    predictions?.dispose();
    predictor.dispose();
  }
  const means = { loss: loss / labels.length, accuracy: correct / labels.length };
  return predictions === undefined ? means : { ...means, classes: predictions.scores() };
}
