import {
  type DatasetIndex,
  type EngineDescription,
  type EvaluationConfig,
  type EvaluationMeasurement,
  type EvaluationRecord,
  evaluationId,
  type FileEntry,
  forwardPasses,
  isPlain,
  keys,
  type ModelCost,
  type PlannedRun,
  readJson,
  type RunRecord,
  sha256,
  type StageContext,
  type Store,
  writeJson,
  writeJsonIfAbsent,
  evaluationRecordSchema,
} from '@bakeoff/core';
import { describeModel } from '@bakeoff/model/architectures';
import type { Engine } from '@bakeoff/engine';
import { packBits } from '@bakeoff/statistics';
import { scoreSplit } from '@bakeoff/statistics/metrics';
import { scoreImages } from '@bakeoff/statistics/predictions';
import { encodePredictions } from '../predictions/predictions-file.ts';
import { hardImages } from './hard-images.ts';
import { predictRun, type RunPredictions } from './predict-run.ts';
import { splitDigest } from './split-digest.ts';

export interface EvaluateRunInput {
  readonly run: PlannedRun;
  readonly evaluation: EvaluationConfig;
  readonly record: RunRecord;
  /** Of the run's dataset. */
  readonly index: DatasetIndex;
  /** Unique to this call. */
  readonly attemptId: string;
  readonly description: EngineDescription;
}

/** A run that kept weights. A run that diverged keeps those of its best epoch before that. */
type TrainedRecord = RunRecord & { readonly model: FileEntry; readonly bestEpoch: number };

function hasModel(record: RunRecord): record is TrainedRecord {
  return record.model !== null && record.bestEpoch !== null;
}

/**
 * A training step costs about three forward passes (forward, and backward for activations and weights); each epoch adds
 * a validation pass.
 */
function trainingFlops(forwardFlops: number, { imagesSeen, epochs }: RunRecord, { splits }: DatasetIndex): number {
  return 3 * forwardFlops * imagesSeen + forwardFlops * splits.validation.count * epochs.length;
}

/** Each forward pass of test-time augmentation counts. */
function costOf(cost: ModelCost, evaluation: EvaluationConfig): ModelCost {
  const passes = forwardPasses(evaluation);
  const { macs, flops, ptflops, fvcore, thop } = cost;
  return {
    ...cost,
    macs: passes * macs,
    flops: passes * flops,
    ptflops: passes * ptflops,
    fvcore: passes * fvcore,
    thop: passes * thop,
  };
}

function buildRecord(
  evaluation: string,
  { run, evaluation: config, index }: EvaluateRunInput,
  record: TrainedRecord,
  predictions: RunPredictions,
  file: FileEntry,
): EvaluationRecord {
  const { bestEpoch, model, epochs } = record;
  const testImages = scoreImages(predictions.test);
  const test = scoreSplit(predictions.test, testImages, index.classes);
  const { cost } = describeModel(run.recipe.model, { imageShape: index.imageShape, classes: index.classes.length });
  const best = epochs.find(({ epoch }) => epoch === bestEpoch);
  if (best === undefined) throw new Error(`run ${run.runId} has no figures of its best epoch ${bestEpoch}`);
  return {
    formatVersion: 1,
    evaluationId: evaluation,
    runId: run.runId,
    datasetId: run.datasetId,
    bestEpoch,
    ...(isPlain(config) ? {} : { evaluation: config }),
    classes: index.classes,
    test,
    validation: scoreSplit(predictions.validation, scoreImages(predictions.validation), index.classes),
    generalizationGap: best.trainAccuracy - test.accuracy,
    cost: costOf(cost, config),
    trainingFlops: trainingFlops(cost.flops, record, index),
    modelBytes: model.bytes,
    predictions: file,
    correctness: Buffer.from(packBits(testImages.correct)).toString('base64'),
    testSetSha256: splitDigest(predictions.testSplit),
    ...hardImages(predictions.testSplit, testImages, index.imageShape),
  };
}

/**
 * The record that is kept: if two evaluations run at the same time, that of the first. They share the key of the
 * predictions, whose bytes are equal on equal engines.
 */
async function writeEvaluation(
  store: Store,
  record: EvaluationRecord,
  predictions: Uint8Array,
  measurement: EvaluationMeasurement,
): Promise<EvaluationRecord> {
  const key = keys.evaluationRecord(record.evaluationId);
  const readStanding = (): Promise<EvaluationRecord | undefined> => readJson(store, key, evaluationRecordSchema);
  const earlier = await readStanding();
  if (earlier !== undefined) return earlier;
  await store.put(record.predictions.key, predictions);
  await writeJson(store, keys.evaluationMeasurement(record.evaluationId, measurement.attemptId), measurement);
  if (await writeJsonIfAbsent(store, key, record)) return record;
  return (await readStanding()) ?? record;
}

/**
 * Evaluates a run's best weights on the held-out test split, and on the validation split, with the current engine, or
 * returns the existing record if there is one. Returns null, with a warning, for a run that diverged before an epoch
 * ended and has no weights. `evaluation.json` holds only what the run and the engine determine; latency and hardware
 * are in the attempt's measurement.
 * @throws UserError on missing or damaged weights or shards; the signal's reason if it ends the stage.
 */
export async function evaluateRun(
  input: EvaluateRunInput,
  context: StageContext & { readonly engine: Engine },
): Promise<EvaluationRecord | null> {
  const { run, evaluation: config, record, index, attemptId, description } = input;
  const { store, log, clock } = context;
  const id = evaluationId(run.runId, config);
  const existing = await readJson(store, keys.evaluationRecord(id), evaluationRecordSchema);
  if (existing !== undefined) {
    log({ type: 'reused', what: 'evaluation', id });
    return existing;
  }
  if (!hasModel(record)) {
    log({
      type: 'warning',
      text: `run ${run.runId} diverged before its first epoch ended: it has no weights to evaluate`,
    });
    return null;
  }
  const startedAt = new Date(clock.nowMs()).toISOString();
  const startMs = clock.elapsedMs();
  const predictions = await predictRun(run, config, record.model, index, context);
  const body = encodePredictions(predictions.test);
  const file = { key: keys.predictions(id), bytes: body.length, sha256: sha256(body) };
  const evaluation = buildRecord(id, input, record, predictions, file);
  const wallSeconds = (clock.elapsedMs() - startMs) / 1000;
  return writeEvaluation(store, evaluation, body, {
    formatVersion: 1,
    evaluationId: id,
    attemptId,
    engine: description,
    startedAt,
    wallSeconds,
    latency: predictions.latency,
  });
}
