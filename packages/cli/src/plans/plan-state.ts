import {
  comparisonId,
  type DatasetIndex,
  evaluationId,
  type EvaluationRecord,
  keys,
  type Plan,
  type PlannedDataset,
  readJson,
  type RunRecord,
  type Store,
} from '@bakeoff/core';

export interface RunState {
  readonly record?: RunRecord;
  readonly evaluation?: EvaluationRecord;
}

/** What of a plan is finished in a store. */
export interface PlanState {
  readonly preparedDatasets: ReadonlySet<string>;
  /** By run id. */
  readonly runs: ReadonlyMap<string, RunState>;
  /** The plan's newest report rests on the evaluations that are there. */
  readonly reported: boolean;
}

/** Of a store that is empty. */
export const NOTHING_DONE: PlanState = { preparedDatasets: new Set(), runs: new Map(), reported: false };

/** Reads of a remote store that are under way at a time. */
const CONCURRENCY = 32;

export async function readPlanState(store: Store, plan: Plan): Promise<PlanState> {
  const prepared = new Set<string>();
  const runs = new Map<string, RunState>();
  await forEachConcurrently(plan.datasets, async (dataset) => {
    if (await isPrepared(store, dataset)) prepared.add(dataset.datasetId);
  });
  await forEachConcurrently(plan.runs, async ({ runId }) => {
    runs.set(runId, await readRunState(store, runId));
  });
  return { preparedDatasets: prepared, runs, reported: await isReported(store, plan, runs) };
}

async function readRunState(store: Store, runId: string): Promise<RunState> {
  const record = await readJson<RunRecord>(store, keys.runRecord(runId));
  if (record === undefined) return {};
  return { record, evaluation: await readJson<EvaluationRecord>(store, keys.evaluationRecord(evaluationId(runId))) };
}

/** Nothing remains to be done for a run that is evaluated, or that diverged before it had weights to evaluate. */
export function isFinished({ record, evaluation }: RunState): boolean {
  return evaluation !== undefined || record?.model === null;
}

async function isPrepared(store: Store, { datasetId, augmentations }: PlannedDataset): Promise<boolean> {
  if ((await readJson<DatasetIndex>(store, keys.datasetIndex(datasetId))) === undefined) return false;
  for (const { augmentationId, views } of augmentations) {
    for (let view = 1; view <= views; view++) {
      if ((await readJson(store, keys.viewIndex(datasetId, augmentationId, view))) === undefined) return false;
    }
  }
  return true;
}

async function isReported(store: Store, plan: Plan, runs: ReadonlyMap<string, RunState>): Promise<boolean> {
  const report = await readJson<{ formatVersion: 1; planId: string; comparisonId: string | null }>(
    store,
    keys.latestReportRecord(plan.name),
  );
  const evaluations = Object.fromEntries(
    plan.runs.map(({ runId }) => [runId, runs.get(runId)?.evaluation?.evaluationId ?? null]),
  );
  if (report?.planId !== plan.planId || report.comparisonId !== comparisonId(plan.planId, evaluations)) return false;
  return (await store.getRange(keys.latestReportPage(plan.name), 0, 1)) !== undefined;
}

async function forEachConcurrently<T>(items: readonly T[], visit: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await visit(items[next++] as T);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, worker));
}
