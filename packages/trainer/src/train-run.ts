import { pixelTransform } from '@bakeoff/model';
import {
  type DatasetIndex,
  type EngineDescription,
  everySettingUsed,
  type GpuUse,
  keys,
  type PlannedRun,
  type Recipe,
  type RunConfig,
  runConfigSchema,
  type RunRecord,
  type StageContext,
  type TrainingMeasurement,
  UserError,
  writeJsonIfAbsent,
} from '@bakeoff/core';
import { type Engine, whyOutOfMemory } from '@bakeoff/engine';
import { CheckpointFolder } from './checkpoint-folder.ts';
import { AttemptMeter } from './measurement.ts';
import { readRunRecord, writeRunResult } from './run-result.ts';
import { requireReplicableEngine } from './replicas/replicated-step.ts';
import { train } from './training-loop.ts';

export interface TrainRunInput {
  readonly run: PlannedRun;
  /** Of the run's dataset. */
  readonly index: DatasetIndex;
  /** Unique to this call: attempts share no keys. */
  readonly attemptId: string;
  readonly description: EngineDescription;
  readonly host?: TrainingMeasurement['host'];
  /** The GPU's utilization since the attempt began; undefined while it is not known. */
  readonly gpuUse?: () => GpuUse | undefined;
}

export interface TrainerContext extends StageContext {
  readonly engine: Engine;
}

export type TrainOutcome =
  | { readonly status: 'finished' | 'diverged'; readonly record: RunRecord }
  /** The signal ended the attempt; a checkpoint at `step` holds all work done. */
  | { readonly status: 'interrupted'; readonly step: number };

/**
 * Trains one run on the current engine, and returns its record; a run that has one is not trained again. If it is
 * interrupted or killed at any point and called again, it ends in the same bytes (on the same engine build and
 * processor type): model, history and `run.json`. If several attempts train at once, the first to finish writes the
 * record.
 * @throws UserError on settings that do not fit the dataset, on missing or damaged shards, and on a store that cannot
 * be written
 */
export async function trainRun(input: TrainRunInput, context: TrainerContext): Promise<TrainOutcome> {
  const { run, index, attemptId, description, host, gpuUse } = input;
  const { runId } = run;
  const meter = new AttemptMeter(context, { runId, attemptId, description, host, gpuUse });
  const recording = { ...context, log: loggedTo(meter, context) };
  const checkpoints = new CheckpointFolder(recording, runId, attemptId);
  const finished = await readRunRecord(context.store, runId);
  if (finished !== undefined) {
    await checkpoints.clear();
    context.log({ type: 'reused', what: 'run', id: runId });
    return { status: finished.status, record: finished };
  }
  checkInput(input, context.engine);
  const config: RunConfig = {
    formatVersion: 1,
    runId,
    recipeId: run.recipeId,
    datasetId: run.datasetId,
    recipe: run.recipe,
    seed: run.seed,
  };
  await writeJsonIfAbsent(context.store, keys.runConfig(runId), config, runConfigSchema);

  try {
    // Whoever watches the store sees from here on that the run has begun, and when.
    await meter.write('running');
    const result = await train(run, index, { ...recording, checkpoints, meter });
    if ('interruptedAt' in result) {
      await meter.write('interrupted');
      return { status: 'interrupted', step: result.interruptedAt };
    }
    const record = await writeRunResult(context.store, run, result);
    await meter.write(record.status);
    await checkpoints.clear();
    return { status: record.status, record };
  } catch (error) {
    const why = whyOutOfMemory(context.engine.name, error);
    const told = why === null ? error : batchTooLarge(run, why, error);
    // The store may be what failed, so the first error is the one to report.
    await meter.write('failed', failureText(told)).catch(() => undefined);
    throw told;
  }
}

/** Warnings are kept with the attempt, so that they can be read afterwards. */
function loggedTo(meter: AttemptMeter, { log }: Pick<StageContext, 'log'>): StageContext['log'] {
  return (event) => {
    if (event.type === 'warning') meter.addWarning(event.text);
    log(event);
  };
}

function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof UserError ? error.message : (error.stack ?? error.message);
}

function batchTooLarge({ runId, recipe: { batchSize } }: PlannedRun, why: string, cause: unknown): UserError {
  return new UserError(
    {
      what: `run ${runId}: the device has no memory for a step of this batch`,
      received: `batchSize: ${batchSize} (${why})`,
      allowed: 'what fits next to the network and other processes',
      fix: `a smaller batchSize, ${Math.max(2, Math.floor(batchSize / 2))} for instance, or a device with more memory`,
    },
    { cause },
  );
}

/** Names where each setting of a recipe takes effect: one that is in the schema alone does not compile. */
function requireEverySettingUsed({
  model: _network,
  optimizer: _updates,
  schedule: _learningRate,
  batchSize: _batches,
  maxEpochs: _end,
  earlyStopping: _earlierEnd,
  selection: _bestEpoch,
  normalization: _pixels,
  augmentation: _views,
  replicas: _threads,
  labelSmoothing: _targets,
  classWeights: _lossByClass,
  sampling: _order,
  mixup: _mixtures,
  maxGradientNorm: _clipping,
  ema: _averages,
  ...unused
}: Recipe): void {
  everySettingUsed(unused);
}

function checkInput({ run, index }: TrainRunInput, engine: Engine): void {
  if (index.datasetId !== run.datasetId)
    throw new RangeError(`run ${run.runId} is for dataset ${run.datasetId}, the index is of ${index.datasetId}`);
  requireEverySettingUsed(run.recipe);
  requireReplicableEngine({ run, engine });
  pixelTransform(run.recipe.normalization, index);
  for (const split of ['train', 'validation'] as const) {
    if (index.splits[split].count === 0) {
      throw new UserError({
        what: `dataset ${index.datasetId} has no ${split} images`,
        received: '0',
        allowed: 'at least 1',
        fix: "change the manifest's dataset.train or dataset.validation",
      });
    }
  }
}
