import {
  type DatasetIndex,
  type EpochRow,
  type PlannedRun,
  Random,
  type StageContext,
  type StopReason,
} from '@bakeoff/core';
import { createNetwork, EngineImages, loadSplit, pixelTransform } from '@bakeoff/model';
import type { Engine } from '@bakeoff/engine';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BatchPlan, epochOrder } from './batches.ts';
import type { EpochSums } from './checkpoint.ts';
import type { CheckpointFolder } from './checkpoint-folder.ts';
import { learningRateFactor } from './schedules/learning-rate.ts';
import type { AttemptMeter } from './measurement.ts';
import { createTrainingStep } from './create-training-step.ts';
import { createOptimizer } from './optimizers/registry.ts';
import { Progress } from './progress.ts';
import type { TrainingResult } from './run-result.ts';
import { bestEpoch, stopReason } from './selection.ts';
import { StepHistory } from './step-history.ts';
import { openTrainingImages } from './training-images.ts';
import { validate } from './validate.ts';

const CHECKPOINT_INTERVAL_MS = 5 * 60 * 1000;
const NOTHING_YET: EpochSums = { images: 0, loss: 0, correct: 0 };

export interface LoopContext extends StageContext {
  readonly engine: Engine;
  readonly checkpoints: CheckpointFolder;
  readonly meter: AttemptMeter;
}

/**
 * Trains a run to its end, from its newest checkpoint if there is one, or until the signal asks to stop; a checkpoint
 * then holds all work done. Everything a step does is a function of the configuration and of what a checkpoint holds,
 * so interruptions leave no trace.
 */
export async function train(
  run: PlannedRun,
  index: DatasetIndex,
  context: LoopContext,
): Promise<TrainingResult | { readonly interruptedAt: number }> {
  const { store, log, signal, clock, engine, checkpoints, meter } = context;
  const { runId, recipe, seed } = run;
  const { maxEpochs } = recipe;

  // Data: uint8 until a batch of it is taken.
  const pixels = pixelTransform(recipe.normalization, index);
  const validationSplit = await loadSplit(store, index, 'validation');
  const training = await openTrainingImages(store, index, run);
  const validation = {
    images: new EngineImages(validationSplit.images, [validationSplit.count, ...index.imageShape], pixels),
    labels: validationSplit.labels,
  };
  const { labels } = training;
  const batches = new BatchPlan(labels.length, recipe.batchSize);
  const { stepsPerEpoch } = batches;

  // Network and optimizer, which the steps change: new, or restored from the newest checkpoint.
  const network = createNetwork(recipe.model, { imageShape: index.imageShape, classes: index.classes.length });
  const optimizer = createOptimizer(recipe.optimizer, network.parameters);
  const steps = createTrainingStep({ run, index, engine, labels, pixels, network, optimizer });
  try {
    const saved = await checkpoints.newest();
    if (saved === undefined) network.initialize(new Random(seed).split('init'));
    else {
      network.loadState(saved.network, `checkpoint of run ${runId}`);
      optimizer.loadState(saved.optimizer);
      log({ type: 'message', text: `run ${runId} resumes from step ${saved.step} (epoch ${saved.epochs.length + 1})` });
    }
    const history = new StepHistory(saved?.history);
    const epochs: EpochRow[] = [...(saved?.epochs ?? [])];
    let sums = saved?.sums ?? NOTHING_YET;
    let best = saved?.best ?? null;

    let unsaved = false;
    let savedAtMs = clock.elapsedMs();
    const save = async (): Promise<void> => {
      await checkpoints.write({
        runId,
        step: history.steps,
        epochs,
        sums,
        network: network.state(),
        optimizer: optimizer.state(),
        best,
        history: history.tensors(),
      });
      await meter.write('running');
      unsaved = false;
      savedAtMs = clock.elapsedMs();
    };
    const interrupt = async (): Promise<{ interruptedAt: number }> => {
      if (unsaved) await save();
      return { interruptedAt: history.steps };
    };
    const end = (reason: StopReason): TrainingResult => ({
      stopReason: reason,
      epochs,
      history,
      best,
      imagesSeen: epochs.length * labels.length + sums.images,
    });
    const learningRateAt = (step: number): number =>
      recipe.optimizer.learningRate * learningRateFactor(recipe.schedule, { step, stepsPerEpoch, maxEpochs });
    const progress = new Progress(context, runId, maxEpochs * stepsPerEpoch);

    /**
     * Collects the scores that the device has kept since the last call. Returns true if the loss was no longer a
     * number; work after that step is then discarded.
     */
    const takeScores = (): boolean => {
      for (const { images, loss, correct } of steps.read()) {
        history.append({
          loss: loss / images,
          accuracy: correct / images,
          learningRate: learningRateAt(history.steps),
        });
        sums = { images: sums.images + images, loss: sums.loss + loss, correct: sums.correct + correct };
        if (!Number.isFinite(loss)) return true;
      }
      return false;
    };

    meter.startAt(history.steps, () => steps.memoryBytes());
    let reason = stopReason(epochs, recipe);
    while (reason === undefined) {
      const epoch = epochs.length + 1;
      steps.hold(await training.forEpoch(epoch));
      const order = epochOrder(seed, epoch, labels.length);
      const epochStart = epochs.length * stepsPerEpoch;
      meter.startEpoch();

      for (let position = history.steps - epochStart; position < stepsPerEpoch; position++) {
        // One turn of the event loop per step lets signal handlers run and the next view arrive.
        await nextTurn();
        if (signal.aborted) return takeScores() ? end('diverged') : await interrupt();
        if (clock.elapsedMs() - savedAtMs >= CHECKPOINT_INTERVAL_MS) {
          if (takeScores()) return end('diverged');
          await save();
        }

        const startMs = clock.elapsedMs();
        const indices = order.subarray(...batches.range(position));
        const step = epochStart + position + 1;
        await steps.run({ indices, learningRate: learningRateAt(step - 1), step });
        unsaved = true;
        const due = steps.unread >= engine.metricsInterval || position === stepsPerEpoch - 1;
        const diverged = due && takeScores();
        meter.addStep(step, indices.length, clock.elapsedMs() - startMs);
        if (diverged) return end('diverged');
        if (due) progress.report(step, () => ({ epoch, ...progressFigures(sums, epochs, meter) }));
      }

      await steps.verify();
      const measured = await validate(network, validation, { signal, readInterval: engine.metricsInterval });
      if (measured === undefined) return await interrupt();
      if (!Number.isFinite(measured.loss)) return end('diverged');
      epochs.push({
        epoch,
        step: history.steps,
        trainLoss: sums.loss / sums.images,
        trainAccuracy: sums.correct / sums.images,
        validationLoss: measured.loss,
        validationAccuracy: measured.accuracy,
        learningRate: learningRateAt(history.steps - 1),
      });
      if (bestEpoch(epochs, recipe.selection)?.epoch === epoch) best = network.state();
      progress.report(history.steps, () => ({ epoch, ...progressFigures(sums, epochs, meter) }), true);
      sums = NOTHING_YET;
      meter.endEpoch(epoch);
      await save();
      reason = stopReason(epochs, recipe);
    }
    return end(reason);
  } finally {
    await steps.dispose();
    for (const resource of [validation.images, network, optimizer]) resource.dispose();
  }
}

function progressFigures(sums: EpochSums, epochs: readonly EpochRow[], meter: AttemptMeter): Record<string, number> {
  const { imagesPerSecond } = meter;
  const validationAccuracy = epochs.at(-1)?.validationAccuracy;
  return {
    loss: sums.loss / sums.images,
    accuracy: sums.correct / sums.images,
    ...(validationAccuracy === undefined ? {} : { validationAccuracy }),
    imagesPerSecond,
  };
}
