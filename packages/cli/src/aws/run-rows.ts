import {
  findPendingRuns,
  jobs,
  mapConcurrently,
  readJobName,
  type Plan,
  type PlannedRun,
  readAttempts,
  type RunFailure,
  stepsPerEpoch,
  type Store,
  type TrainingMeasurement,
} from '@bakeoff/core';
import type { BatchJob } from './batch-jobs.ts';
import { describeWait } from './why-waiting.ts';

export interface RunRow {
  readonly runId: string;
  readonly experiments: readonly string[];
  readonly seed: number;
  readonly state:
    | 'evaluated'
    | 'training'
    | 'trained'
    | 'evaluating'
    | 'waiting'
    | 'pending'
    | 'interrupted'
    | 'failed';
  /** Why it is waiting or failed, or the number of its attempt. */
  readonly detail: string;
  /** Of the training, 0…1, as of its last checkpoint; null if unknown. */
  readonly progress: number | null;
  /** An upper bound: early stopping ends sooner. */
  readonly secondsLeft: number | null;
}

const READS_AT_ONCE = 16;

/** The state of every run of a plan in one execution: finished work from the store, running work from Batch. */
export async function readRunRows(
  store: Store,
  plan: Plan,
  active: readonly BatchJob[],
  failures: ReadonlyMap<string, RunFailure>,
  nowMs: number,
): Promise<RunRow[]> {
  const pending = new Set((await findPendingRuns(store, plan.runs)).map(({ runId }) => runId));
  const byRun = new Map(active.map((job) => [readJobName(job.name)?.runId, job]));
  return mapConcurrently(plan.runs, READS_AT_ONCE, async (run) => {
    if (!pending.has(run.runId)) return row(run, 'evaluated', '');
    const job = byRun.get(run.runId);
    if (job !== undefined) return activeRow(store, plan, run, job, nowMs);
    const failure = failures.get(run.runId);
    return failure === undefined
      ? row(run, 'pending', '')
      : row(run, 'failed', `${failure.stage ?? 'job'}: ${failure.reason}`);
  });
}

function row({ runId, experiments, seed }: PlannedRun, state: RunRow['state'], detail: string): RunRow {
  return { runId, experiments, seed, state, detail, progress: null, secondsLeft: null };
}

async function activeRow(store: Store, plan: Plan, run: PlannedRun, job: BatchJob, nowMs: number): Promise<RunRow> {
  const named = readJobName(job.name);
  const isTraining = named !== undefined && jobs[named.job].compute === 'training';
  if (job.status !== 'RUNNING')
    return {
      ...row(run, 'waiting', `${isTraining ? 'to train' : 'to be evaluated'}: ${describeWait(job, nowMs)}`),
      ...(isTraining ? await trainingProgress(store, plan, run) : {}),
    };
  if (!isTraining) return row(run, 'evaluating', '');
  return {
    ...row(run, 'training', job.attempts > 1 ? `attempt ${job.attempts}` : ''),
    ...(await trainingProgress(store, plan, run)),
  };
}

/** What the attempts recorded at their checkpoints. */
async function trainingProgress(
  store: Store,
  plan: Plan,
  run: PlannedRun,
): Promise<Pick<RunRow, 'progress' | 'secondsLeft'>> {
  const last = (await readAttempts(store, run.runId)).at(-1);
  return last === undefined ? { progress: null, secondsLeft: null } : runProgressOf(plan, run, last);
}

/** What an attempt has done of a training. */
export function runProgressOf(
  plan: Plan,
  { datasetId, recipe }: PlannedRun,
  { lastStep, imagesPerSecond }: TrainingMeasurement,
): Pick<RunRow, 'progress' | 'secondsLeft'> {
  const images = plan.datasets.find((dataset) => dataset.datasetId === datasetId)?.images.train ?? 0;
  const steps = stepsPerEpoch(images, recipe.batchSize) * recipe.maxEpochs;
  if (steps === 0) return { progress: null, secondsLeft: null };
  const secondsLeft = imagesPerSecond > 0 ? ((steps - lastStep) * recipe.batchSize) / imagesPerSecond : null;
  return {
    progress: Math.min(1, lastStep / steps),
    secondsLeft: secondsLeft === null ? null : Math.max(0, secondsLeft),
  };
}
