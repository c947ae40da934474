import {
  chooseTrials,
  comparisonId,
  type ComparisonRecord,
  type DatasetIndex,
  datasetIndexSchema,
  type EvaluationMeasurement,
  evaluationMeasurementSchema,
  type EvaluationRecord,
  evaluationRecordSchema,
  type FileEntry,
  keys,
  mapConcurrently,
  type Plan,
  plannedEvaluations,
  type PlannedEvaluation,
  readComparison,
  readJson,
  readRecords,
  type RunRecord,
  runRecordSchema,
  type Store,
  type TrainingMeasurement,
  type TrialChoice,
  trainingMeasurementSchema,
  verifyDigest,
} from '@bakeoff/core';
import { readSamples } from './dataset-samples.ts';
import { GalleryBuilder } from './gallery.ts';
import { bucketsFor, packCurve } from './pack-curve.ts';
import type { DatasetSamples, Gallery, PackedCurve } from './report-data.ts';

/** An evaluation without what only the gallery needs, because a thousand of them stay in memory. */
export type SlimEvaluation = Omit<EvaluationRecord, 'hardestImages' | 'confidentlyWrong'>;

export interface CollectedRun {
  readonly record: RunRecord | null;
  readonly curve: PackedCurve | null;
  readonly evaluation: SlimEvaluation | null;
  readonly training: readonly TrainingMeasurement[];
  readonly evaluating: readonly EvaluationMeasurement[];
}

export interface Collected {
  readonly plan: Plan;
  /** One per training and evaluation, in the plan's order. */
  readonly evaluated: readonly PlannedEvaluation[];
  /** What is known of each of them. */
  readonly runs: readonly CollectedRun[];
  readonly comparison: ComparisonRecord | null;
  readonly trials: TrialChoice;
  /** Of the plan's datasets, in its order; null where one is not prepared, or was removed. */
  readonly datasets: readonly (DatasetIndex | null)[];
  /** Of the same datasets; null without pictures. */
  readonly samples: readonly (DatasetSamples | null)[];
  readonly gallery: Gallery | null;
}

/** Allows a report of a pruned store: an object that is gone leaves a gap; one that is damaged is an error. */
async function readFile(store: Store, file: FileEntry): Promise<Uint8Array | null> {
  const body = await store.get(file.key);
  if (body === undefined) return null;
  verifyDigest(body, file, store.url);
  return body;
}

/** Reads at a time: an S3 store answers in tens of milliseconds, and memory holds only the items in progress. */
const RUNS_AT_ONCE = 8;
const PREDICTIONS_AT_ONCE = 4;
/** Datasets of which the page has pictures, at most 130 KB each. */
const SHEETS = 4;

/**
 * Reads everything that a report is built from. Missing records become null; a damaged record throws a UserError that
 * names its key. `signal` stops the reading between two runs; without `pictures`, the gallery only names its images.
 */
export async function collect(
  store: Store,
  plan: Plan,
  { pictures, signal, onRun }: { pictures: boolean; signal: AbortSignal; onRun: (done: number) => void },
): Promise<Collected> {
  const evaluated = plannedEvaluations(plan);
  const buckets = bucketsFor(evaluated.length);
  const gallery = new GalleryBuilder();
  let done = 0;
  const runs = await mapConcurrently(
    evaluated,
    RUNS_AT_ONCE,
    async ({ run, evaluationId: id }): Promise<CollectedRun> => {
      signal.throwIfAborted();
      const [record, full, training, evaluating] = await Promise.all([
        readJson(store, keys.runRecord(run.runId), runRecordSchema),
        readJson(store, keys.evaluationRecord(id), evaluationRecordSchema),
        readRecords(store, keys.runMeasurements(run.runId), trainingMeasurementSchema),
        readRecords(store, keys.evaluationMeasurements(id), evaluationMeasurementSchema),
      ]);
      const history = record === undefined ? null : await readFile(store, record.history);
      const curve = history === null || record === undefined ? null : packCurve(history, record.history.key, buckets);
      let evaluation: SlimEvaluation | null = null;
      if (full !== undefined && record !== undefined) {
        const { hardestImages, confidentlyWrong, ...slim } = full;
        evaluation = slim;
        gallery.nominate([...hardestImages, ...confidentlyWrong], full.testSetSha256);
      }
      onRun(++done);
      return { record: record ?? null, curve, evaluation, training, evaluating };
    },
  );
  const evaluations = Object.fromEntries(
    evaluated.map(({ key }, i) => [key, runs[i]?.evaluation?.evaluationId ?? null]),
  );
  const validation = new Map(evaluated.map(({ key }, i) => [key, runs[i]?.evaluation?.validation.accuracy]));
  const trials = chooseTrials(plan, (key) => validation.get(key));
  const isReported = (index: number): boolean => !trials.heldBack.has(evaluated[index]!.key);
  runs.forEach(({ evaluation }, index) => {
    if (evaluation !== null && isReported(index)) gallery.count(index, evaluation);
  });
  const datasets = await mapConcurrently(plan.datasets, RUNS_AT_ONCE, async ({ datasetId }) => {
    signal.throwIfAborted();
    return (await readJson(store, keys.datasetIndex(datasetId), datasetIndexSchema)) ?? null;
  });
  const samples = await mapConcurrently(datasets, RUNS_AT_ONCE, async (index, i) =>
    index === null || !pictures || i >= SHEETS ? null : readSamples(store, index),
  );
  const comparison = await readComparison(store, comparisonId(plan.planId, evaluations));
  const answers = gallery.choose(evaluated.length);
  await mapConcurrently(evaluated, PREDICTIONS_AT_ONCE, async (_run, index) => {
    signal.throwIfAborted();
    const evaluation = runs[index]?.evaluation;
    if (!answers || !evaluation || !isReported(index) || evaluation.testSetSha256 !== answers.testSetSha256) return;
    const predictions = await readFile(store, evaluation.predictions);
    if (predictions !== null) answers.read(index, predictions, evaluation.predictions.key);
  });
  return {
    plan,
    evaluated,
    runs,
    comparison: comparison ?? null,
    trials,
    datasets,
    samples,
    gallery: answers?.finish(pictures) ?? null,
  };
}
