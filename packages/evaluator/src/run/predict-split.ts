import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '@bakeoff/core';
import { type EngineImages, type LoadedSplit, placesInOrder } from '@bakeoff/model';
import { PredictionBuilder, type SplitPredictions } from '@bakeoff/statistics/predictions';
import { type BatchPredictor, gatherViews, predictBatch } from './predict-batch.ts';
import type { TestTimeView } from './test-time-views.ts';

/**
 * Images per batch: fixed, so that no setting changes an evaluation's bytes. The trainer validates in smaller batches,
 * to react to an interruption soon.
 */
const BATCH_SIZE = 250;

interface PredictSplitOptions {
  /** Outputs of the network: logits per image. */
  readonly outputs: number;
  readonly classes: number;
  readonly views: readonly TestTimeView[];
  readonly signal: AbortSignal;
  /** Called with the number of images done so far. */
  readonly onProgress: (done: number) => void;
}

/**
 * Predicts every image of a split in its order.
 * @throws UserError if a logit is not finite; the signal's reason if it ends the stage.
 */
export async function predictSplit(
  predictor: BatchPredictor,
  split: LoadedSplit,
  images: EngineImages,
  { outputs, classes, views, signal, onProgress }: PredictSplitOptions,
): Promise<SplitPredictions> {
  const builder = new PredictionBuilder(split, classes, outputs);
  for (let from = 0; from < split.count; from += BATCH_SIZE) {
    await nextTurn();
    signal.throwIfAborted();
    const indices = placesInOrder(from, BATCH_SIZE, split.count);
    const logits = await predictBatch(predictor, gatherViews(images, indices, views), views);
    const broken = logits.findIndex((logit) => !Number.isFinite(logit));
    if (broken >= 0) {
      throw new UserError({
        what: `the model’s output for image ${split.ids[from + Math.floor(broken / outputs)]} is not a finite number`,
        received: `logit ${logits[broken]}`,
        fix: 'train with a lower learning rate: these weights overflow',
      });
    }
    builder.add(logits);
    onProgress(from + indices.length);
  }
  return builder.finish();
}
