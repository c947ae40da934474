import { stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  evaluationsOf,
  type Plan,
  plannedAugmentations,
  type PlannedDataset,
  type PlannedRun,
  stepsPerEpoch,
} from '@bakeoff/core';
import { datasetOf } from '../plans/dataset-of.ts';
import { isFinished, type PlanState } from '../plans/plan-state.ts';

const FLOAT32_BYTES = 4;
/** Step, loss, accuracy and learning rate. */
const HISTORY_BYTES_PER_STEP = 4 * FLOAT32_BYTES;
/** Label and id, in a shard. */
const BYTES_BESIDE_PIXELS = 5;
/** Config, records and measurements of a run; the pictures of an evaluation; a report, which is kept twice. */
const RECORD_BYTES = 20e3;
const EVALUATION_BYTES = 60e3;
const REPORT_BYTES = 2 * 1.5e6;
/** A checkpoint holds weights, two moments and the best weights so far; two are kept of each running training. */
const CHECKPOINT_COPIES = 2 * 4;

/**
 * Bytes that a store will take in addition to what it has, at their peak, when the rest of a plan runs: datasets with
 * their stored views, weights, histories and predictions, and the checkpoints of trainings that run at the same time.
 */
export function bytesToWrite(plan: Plan, state: PlanState, atOnce: number): number {
  const runs = plan.runs.filter(({ runId }) => !isFinished(state.runs.get(runId) ?? {}));
  if (runs.length === 0) return 0;
  const datasets = plan.datasets.filter(
    ({ datasetId }) => !state.preparedDatasets.has(datasetId) && runs.some((run) => run.datasetId === datasetId),
  );
  const checkpoints = runs
    .map(({ parameters }) => CHECKPOINT_COPIES * parameters * FLOAT32_BYTES)
    .sort((a, b) => b - a)
    .slice(0, atOnce);
  return [
    ...datasets.map((dataset) => datasetBytes(dataset, plan)),
    ...runs.map((run) => runBytes(run, datasetOf(plan, run))),
    ...checkpoints,
    REPORT_BYTES,
  ].reduce((sum, bytes) => sum + bytes, 0);
}

function datasetBytes(dataset: PlannedDataset, plan: Plan): number {
  const { train, validation, test } = dataset.images;
  const pixels = dataset.imageShape.reduce((product, extent) => product * extent, 1);
  const views = plannedAugmentations(dataset, plan).reduce((sum, { storedBytes }) => sum + storedBytes, 0);
  return (train + validation + test) * (pixels + BYTES_BESIDE_PIXELS) + views;
}

function runBytes(run: PlannedRun, { images, classes }: PlannedDataset): number {
  const { maxEpochs, batchSize } = run.recipe;
  const steps = maxEpochs * stepsPerEpoch(images.train, batchSize);
  const predictions = images.test * classes.length * FLOAT32_BYTES + EVALUATION_BYTES;
  return (
    run.parameters * FLOAT32_BYTES +
    steps * HISTORY_BYTES_PER_STEP +
    evaluationsOf(run).length * predictions +
    RECORD_BYTES
  );
}

/** Free bytes where a folder is or will be; null for other stores, and where the system does not say. */
export async function freeBytes(storeUrl: string): Promise<number | null> {
  if (/^[a-z0-9]{2,}:/i.test(storeUrl)) return null;
  try {
    let folder = resolve(storeUrl);
    while (!(await stat(folder).catch(() => undefined)) && dirname(folder) !== folder) folder = dirname(folder);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
