import {
  CHECKPOINT_INTERVAL_MS,
  type DatasetIndex,
  type EpochRow,
  type PlannedRun,
  type StageContext,
} from '@bakeoff/core';
import { eagerSteps, type Engine } from '@bakeoff/engine';
import { EngineImages, loadSplit, pixelTransform } from '@bakeoff/model';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BatchPlan, epochOrder } from './batches.ts';
import type { CheckpointFolder } from './checkpoint-folder.ts';
import { createTrainingStep } from './create-training-step.ts';
import { drawMixing } from './mixup.ts';
import type { AttemptMeter } from './measurement.ts';
import { Progress } from './progress.ts';
import type { TrainingResult } from './run-result.ts';
import { lossSettings } from './training-loss.ts';
import { openTrainingImages } from './training-images.ts';
import { watchesClasses } from './selection.ts';
import { TrainingState } from './training-state.ts';
import { validate } from './validate.ts';

export interface LoopContext extends StageContext {
  readonly engine: Engine;
  readonly checkpoints: CheckpointFolder;
  readonly meter: AttemptMeter;
}

/**
 * Trains a run to its end, from its newest checkpoint if there is one, or until the signal asks to stop; a checkpoint
 * then holds all work done. Everything a step does is a function of the configuration and of the state, which is what a
 * checkpoint holds, so interruptions leave no trace.
 */
export async function train(
  run: PlannedRun,
  index: DatasetIndex,
  context: LoopContext,
): Promise<TrainingResult | { readonly interruptedAt: number }> {
  const { store, log, signal, clock, engine, checkpoints, meter } = context;
  const { runId, recipe, seed } = run;

  // Data: uint8 until a batch of it is taken.
  const pixels = pixelTransform(recipe.normalization, index);
  const { images, labels: validationLabels, count } = await loadSplit(store, index, 'validation');
  const training = await openTrainingImages(store, index, run);
  const { labels } = training;
  const validation = {
    images: new EngineImages(images, [count, ...index.imageShape], pixels),
    labels: validationLabels,
  };
  const batches = new BatchPlan(labels.length, recipe.batchSize);
  const progress = new Progress(context, runId, recipe.maxEpochs * batches.stepsPerEpoch);

  const state = new TrainingState(run, index);
  const { network, optimizer } = state;
  const steps = createTrainingStep({
    run,
    index,
    engine,
    labels,
    loss: lossSettings(recipe, index.classes, labels),
    pixels,
    network,
    optimizer,
    stepped: (step) => state.stepped(step),
  });
  const recorder = engine.createRecorder?.() ?? eagerSteps;
  try {
    // New, or restored from the newest checkpoint.
    const saved = await checkpoints.newest();
    if (saved === undefined) state.initialize();
    else {
      state.restore(saved);
      log({ type: 'message', text: `run ${runId} resumes from step ${state.step} (epoch ${state.epoch})` });
      if (saved.rounding !== undefined && saved.rounding !== engine.rounding)
        log({ type: 'warning', text: otherRounding(runId, saved.rounding, engine.rounding) });
    }
    let savedAt = { step: state.step, ms: clock.elapsedMs() };
    const save = async (): Promise<void> => {
      steps.publish();
      await checkpoints.write(state.checkpoint(engine.rounding));
      await meter.write('running');
      savedAt = { step: state.step, ms: clock.elapsedMs() };
    };
    const interrupt = async (): Promise<{ interruptedAt: number }> => {
      if (state.step > savedAt.step) await save();
      return { interruptedAt: state.step };
    };

    meter.startAt(state.step, () => steps.memoryBytes());
    while (state.stopReason === undefined) {
      const { epoch } = state;
      steps.hold(await training.forEpoch(epoch));
      const order = epochOrder({ seed, epoch }, labels, recipe.sampling);
      meter.startEpoch();

      for (let { position, step } = state; position < batches.stepsPerEpoch; position++, step++) {
        // One turn of the event loop per step lets signal handlers run and the next view arrive.
        await nextTurn();
        const isInterrupted = signal.aborted;
        if (isInterrupted || clock.elapsedMs() - savedAt.ms >= CHECKPOINT_INTERVAL_MS) {
          if (state.record(steps.read())) return state.result('diverged');
          if (isInterrupted) return await interrupt();
          await save();
        }

        const startMs = clock.elapsedMs();
        const indices = order.subarray(...batches.range(position));
        const mixing =
          recipe.mixup === null ? null : drawMixing(recipe.mixup, { seed, epoch, step: step + 1 }, indices);
        const moves = training.movesOf(indices);
        await steps.run({ indices, moves, mixing, learningRate: state.learningRateAt(step), step: step + 1 });
        // Scores stay on the engine until they are due: where steps are queued, a read waits for all of them.
        const isDue = steps.unread >= engine.metricsInterval || position === batches.stepsPerEpoch - 1;
        const hasDiverged = isDue && state.record(steps.read());
        meter.addStep(step + 1, indices.length, clock.elapsedMs() - startMs);
        if (hasDiverged) return state.result('diverged');
        if (isDue) progress.report(state.step, () => figuresOf({ epoch, ...state.trained }, state.lastEpoch, meter));
      }

      steps.publish();
      await steps.verify();
      const measured = await validate(state.judgedNetwork(), validation, {
        recorder,
        signal,
        readInterval: engine.metricsInterval,
        inGroups: engine.predictsInGroups,
        classes: watchesClasses(run.recipe) ? index.classes.length : undefined,
      });
      if (measured === undefined) return await interrupt();
      if (!Number.isFinite(measured.loss)) return state.result('diverged');
      const row = state.endEpoch(measured);
      const { trainLoss: loss, trainAccuracy: accuracy } = row;
      progress.report(state.step, () => figuresOf({ epoch, loss, accuracy }, row, meter), true);
      meter.endEpoch(epoch);
      await save();
    }
    return state.result(state.stopReason);
  } finally {
    await steps.dispose();
    recorder.dispose();
    for (const resource of [validation.images, state]) resource.dispose();
  }
}

function figuresOf(
  training: { readonly epoch: number; readonly loss: number; readonly accuracy: number },
  lastEpoch: EpochRow | undefined,
  { imagesPerSecond }: AttemptMeter,
): Readonly<Record<string, number>> {
  return {
    ...training,
    ...(lastEpoch === undefined ? {} : { validationAccuracy: lastEpoch.validationAccuracy }),
    imagesPerSecond,
  };
}

function otherRounding(runId: string, before: string, now: string): string {
  return (
    `run ${runId} rounds differently from here on (rounding ${now}; before, ${before}): ` +
    'it goes on, but its last digits can differ from those of a run that stays on one'
  );
}
