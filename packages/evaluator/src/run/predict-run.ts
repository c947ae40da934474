import {
  type DatasetIndex,
  type EvaluationConfig,
  type EvaluationMeasurement,
  type FileEntry,
  type PlannedRun,
  type StageContext,
  UserError,
} from '@bakeoff/core';
import { eagerSteps, type Engine, whyOutOfMemory } from '@bakeoff/engine';
import { EngineImages, type LoadedSplit, loadSplit, pixelTransform } from '@bakeoff/model';
import type { SplitPredictions } from '@bakeoff/statistics/predictions';
import { loadModel } from './load-model.ts';
import { measureLatency } from './measure-latency.ts';
import type { BatchPredictor } from './predict-batch.ts';
import { predictSplit } from './predict-split.ts';
import { testTimeViews } from './test-time-views.ts';

export interface RunPredictions {
  readonly test: SplitPredictions;
  readonly validation: SplitPredictions;
  readonly testSplit: LoadedSplit;
  readonly latency: EvaluationMeasurement['latency'];
}

/** @throws UserError if there is nothing to score on */
function requireImages({ splits, datasetId }: DatasetIndex): void {
  for (const split of ['test', 'validation'] as const) {
    if (splits[split].count > 0) continue;
    throw new UserError({
      what: `dataset ${datasetId} has no ${split} images`,
      received: '0',
      allowed: 'at least 1',
      fix: `change the manifest's dataset settings so that there is a ${split} split`,
    });
  }
}

/** The batch's size is fixed, so only memory helps. */
function noMemory({ runId }: PlannedRun, why: string, cause: unknown): UserError {
  return new UserError(
    {
      what: `evaluation of run ${runId}: the device has no memory for a batch of test images`,
      received: why,
      allowed: 'a network and a batch that fit next to other processes',
      fix: 'end the other processes on this device, or take one with more memory, or --engine wasm',
    },
    { cause },
  );
}

/**
 * Predicts the test and validation splits with the run's best weights, and times the network. Only one split at a time
 * is on the engine.
 * @throws UserError on missing or damaged weights or shards, an empty split, logits that are not finite, no memory
 */
export async function predictRun(
  run: PlannedRun,
  evaluation: EvaluationConfig,
  model: FileEntry,
  index: DatasetIndex,
  { store, signal, log, clock, engine }: StageContext & { readonly engine: Engine },
): Promise<RunPredictions> {
  requireImages(index);
  const pixels = pixelTransform(run.recipe.normalization, index);
  const views = testTimeViews(evaluation, index.imageShape);
  const network = await loadModel(run, model, index, store);
  const frozen = network.freeze({ inGroups: engine.predictsInGroups });
  const recorder = engine.createRecorder?.() ?? eagerSteps;
  const predictor: BatchPredictor = {
    predict(batch) {
      const [logits] = recorder.run(`prediction of ${batch.shape[0]} images`, () => [frozen.predict(batch)]);
      return logits as ReturnType<BatchPredictor['predict']>;
    },
  };
  const total = index.splits.test.count + index.splits.validation.count;
  const predict = (split: LoadedSplit, images: EngineImages, before: number): Promise<SplitPredictions> =>
    predictSplit(predictor, split, images, {
      outputs: network.outputs,
      classes: index.classes.length,
      views,
      signal,
      onProgress: (done) => log({ type: 'progress', label: 'evaluate', done: before + done, total, unit: 'images' }),
    });
  const onEngine = async <T>(split: LoadedSplit, use: (images: EngineImages) => Promise<T>): Promise<T> => {
    const images = new EngineImages(split.images, [split.count, ...index.imageShape], pixels);
    return use(images).finally(() => images.dispose());
  };
  try {
    const testSplit = await loadSplit(store, index, 'test');
    const test = await onEngine(testSplit, async (images) => ({
      predictions: await predict(testSplit, images, 0),
      latency: await measureLatency(predictor, images, testSplit.count, views, clock),
    }));
    const validationSplit = await loadSplit(store, index, 'validation');
    const validation = await onEngine(validationSplit, (images) => predict(validationSplit, images, testSplit.count));
    return { test: test.predictions, validation, testSplit, latency: test.latency };
  } catch (error) {
    const why = whyOutOfMemory(engine.name, error);
    throw why === null ? error : noMemory(run, why, error);
  } finally {
    recorder.dispose();
    frozen.dispose();
    network.dispose();
  }
}
