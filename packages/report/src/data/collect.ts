import {
  chooseTrials,
  comparisonId,
  type ComparisonRecord,
  type DatasetIndex,
  datasetIndexSchema,
  evaluationMeasurementSchema,
  evaluationRecordSchema,
  type FileEntry,
  type HardImage,
  keys,
  mapConcurrently,
  type Plan,
  plannedEvaluations,
  type PlannedEvaluation,
  readAttempts,
  readComparison,
  readJson,
  readRecords,
  type RunProgress,
  runRecordSchema,
  type Store,
  type TrialChoice,
  verifyDigest,
} from '@bakeoff/core';
import type { CollectedRun, SlimEvaluation } from './collected-run.ts';
import { readSamples } from './dataset-samples.ts';
import { GalleryBuilder } from './gallery.ts';
import type { LiveSource } from './live-source.ts';
import { bucketsFor, packCurve, packSteps } from './pack-curve.ts';
import type { DatasetSamples, Gallery, PackedCurve } from './report-data.ts';

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
  /** When it was read, for a page that follows the study; null otherwise. */
  readonly atMs: number | null;
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

interface CollectOptions {
  readonly pictures: boolean;
  readonly signal: AbortSignal;
  readonly onRun: (done: number) => void;
  /** For a page that follows the study. */
  readonly live?: LiveSource;
}

/**
 * Reads everything that a report is built from. Missing records become null; a damaged record throws a UserError that
 * names its key. `signal` stops the reading between two runs; without `pictures`, the gallery only names its images.
 */
export async function collect(store: Store, plan: Plan, options: CollectOptions): Promise<Collected> {
  const { signal, onRun, live } = options;
  const evaluated = plannedEvaluations(plan);
  const gallery = new GalleryBuilder();
  let done = 0;
  const runs = await mapConcurrently(evaluated, RUNS_AT_ONCE, async (planned): Promise<CollectedRun> => {
    signal.throwIfAborted();
    const known = live?.memory.runs.get(planned.evaluationId);
    const { run, images } = known ?? (await readRun(store, planned, bucketsFor(evaluated.length), live));
    if (run.evaluation !== null) gallery.nominate(images, run.evaluation.testSetSha256);
    if (isFinal(run)) live?.memory.runs.set(planned.evaluationId, { run, images });
    onRun(++done);
    return run;
  });
  const evaluations = Object.fromEntries(
    evaluated.map(({ key }, i) => [key, runs[i]?.evaluation?.evaluationId ?? null]),
  );
  const validation = new Map(evaluated.map(({ key }, i) => [key, runs[i]?.evaluation?.validation.accuracy]));
  const trials = chooseTrials(plan, (key) => validation.get(key));
  const reported = runs.map(({ evaluation }, i) => (trials.heldBack.has(evaluated[i]!.key) ? null : evaluation));
  const comparison = await readComparison(store, comparisonId(plan.planId, evaluations));
  return {
    plan,
    evaluated,
    runs,
    comparison: comparison ?? null,
    trials,
    ...(await readDatasets(store, plan, options)),
    gallery: await readGallery(store, gallery, reported, options),
    atMs: live?.nowMs ?? null,
  };
}

/** Whether nothing about a run can change any more: it has all its results, and no attempt still writes. */
function isFinal({ record, evaluation, training }: CollectedRun): boolean {
  return record !== null && evaluation !== null && training.every(({ outcome }) => outcome !== 'running');
}

async function readRun(
  store: Store,
  { run, evaluationId: id }: PlannedEvaluation,
  buckets: number,
  live: LiveSource | undefined,
): Promise<{ readonly run: CollectedRun; readonly images: readonly HardImage[] }> {
  const [record, full, training, evaluating] = await Promise.all([
    readJson(store, keys.runRecord(run.runId), runRecordSchema),
    readJson(store, keys.evaluationRecord(id), evaluationRecordSchema),
    readAttempts(store, run.runId),
    readRecords(store, keys.evaluationMeasurements(id), evaluationMeasurementSchema),
  ]);
  const measured = { training, evaluating };
  if (record === undefined) {
    const progress = (await live?.progressOf(run.runId)) ?? null;
    const curve = progress === null ? null : progressCurve(progress, buckets, live!);
    return { run: { record: null, progress, curve, evaluation: null, ...measured }, images: [] };
  }
  const history = await readFile(store, record.history);
  const curve = history === null ? null : packCurve(history, record.history.key, buckets);
  if (full === undefined) return { run: { record, progress: null, curve, evaluation: null, ...measured }, images: [] };
  const { hardestImages, confidentlyWrong, ...evaluation } = full;
  const images = [...hardestImages, ...confidentlyWrong];
  return { run: { record, progress: null, curve, evaluation, ...measured }, images };
}

/** Packed once per checkpoint. */
function progressCurve(progress: RunProgress, buckets: number, { memory }: LiveSource): PackedCurve | null {
  const known = memory.curves.get(progress);
  if (known !== undefined) return known;
  const curve = packSteps(progress.loss, progress.accuracy, buckets);
  memory.curves.set(progress, curve);
  return curve;
}

async function readDatasets(
  store: Store,
  { datasets }: Plan,
  { pictures, signal, live }: CollectOptions,
): Promise<Pick<Collected, 'datasets' | 'samples'>> {
  const indices = await mapConcurrently(datasets, RUNS_AT_ONCE, async ({ datasetId }) => {
    signal.throwIfAborted();
    const known = live?.memory.indices.get(datasetId);
    const index = known ?? (await readJson(store, keys.datasetIndex(datasetId), datasetIndexSchema));
    if (index !== undefined) live?.memory.indices.set(datasetId, index);
    return index ?? null;
  });
  const samples = await mapConcurrently(indices, RUNS_AT_ONCE, async (index, i) => {
    if (index === null || !pictures || i >= SHEETS) return null;
    const known = live?.memory.samples.get(index.datasetId);
    if (known !== undefined) return known;
    const read = await readSamples(store, index);
    live?.memory.samples.set(index.datasetId, read);
    return read;
  });
  return { datasets: indices, samples };
}

/** @param reported Of each run its evaluation; null without one, and where it is not reported. */
async function readGallery(
  store: Store,
  builder: GalleryBuilder,
  reported: readonly (SlimEvaluation | null)[],
  { pictures, signal, live }: CollectOptions,
): Promise<Gallery | null> {
  const of = reported.map((evaluation) => evaluation?.evaluationId ?? '').join();
  if (live?.memory.gallery?.of === of) return live.memory.gallery.gallery;
  reported.forEach((evaluation, index) => {
    if (evaluation !== null) builder.count(index, evaluation);
  });
  const answers = builder.choose(reported.length);
  await mapConcurrently(reported, PREDICTIONS_AT_ONCE, async (evaluation, index) => {
    signal.throwIfAborted();
    if (answers === null || evaluation === null || evaluation.testSetSha256 !== answers.testSetSha256) return;
    const predictions = await readFile(store, evaluation.predictions);
    if (predictions !== null) answers.read(index, predictions, evaluation.predictions.key);
  });
  const gallery = answers?.finish(pictures) ?? null;
  if (live !== undefined) live.memory.gallery = { of, gallery };
  return gallery;
}
