import {
  comparisonId,
  evaluationId,
  type EvaluationRecord,
  keys,
  mapConcurrently,
  type Plan,
  plannedAugmentations,
  type PlannedDataset,
  readJson,
  type RunRecord,
  type StageName,
  type StageWork,
  type Store,
  subjectId,
  datasetIndexSchema,
  evaluationRecordSchema,
  reportRecordSchema,
  runRecordSchema,
  viewIndexSchema,
} from '@bakeoff/core';

export interface RunState {
  readonly record?: RunRecord;
  readonly evaluation?: EvaluationRecord;
}

/** Which parts of a plan are finished in a store. */
export interface PlanState {
  readonly preparedDatasets: ReadonlySet<string>;
  /** By run id. */
  readonly runs: ReadonlyMap<string, RunState>;
  /** Whether the plan's newest report is built from exactly the evaluations that exist. */
  readonly reported: boolean;
}

/** The state in an empty store. */
export const NOTHING_DONE: PlanState = { preparedDatasets: new Set(), runs: new Map(), reported: false };

/** Reads at a time from a remote store. */
const READS_AT_ONCE = 32;

export async function readPlanState(store: Store, plan: Plan): Promise<PlanState> {
  const prepared = await mapConcurrently(plan.datasets, READS_AT_ONCE, (dataset) => isPrepared(store, dataset, plan));
  const runs = new Map(
    await mapConcurrently(
      plan.runs,
      READS_AT_ONCE,
      async ({ runId }) => [runId, await readRunState(store, runId)] as const,
    ),
  );
  const preparedDatasets = new Set(plan.datasets.filter((_, i) => prepared[i]).map(({ datasetId }) => datasetId));
  return { preparedDatasets, runs, reported: await isReported(store, plan, runs) };
}

async function readRunState(store: Store, runId: string): Promise<RunState> {
  const record = await readJson(store, keys.runRecord(runId), runRecordSchema);
  if (record === undefined) return {};
  return {
    record,
    evaluation: await readJson(store, keys.evaluationRecord(evaluationId(runId)), evaluationRecordSchema),
  };
}

/** A run is finished if it is evaluated, or diverged before it had weights to evaluate. */
export function isFinished({ record, evaluation }: RunState): boolean {
  return evaluation !== undefined || record?.model === null;
}

/** Whether a task's results exist. For stages that are not named here, each task finds out by itself. */
export function isDone(work: StageWork, state: PlanState): boolean {
  return doneChecks[work.stage]?.(subjectId(work), state) ?? false;
}

const doneChecks: Readonly<Partial<Record<StageName, (id: string, state: PlanState) => boolean>>> = {
  'data-prep': (datasetId, { preparedDatasets }) => preparedDatasets.has(datasetId),
  train: (runId, { runs }) => runs.get(runId)?.record !== undefined,
  evaluate: (runId, { runs }) => runs.get(runId)?.evaluation !== undefined,
};

async function isPrepared(store: Store, dataset: PlannedDataset, plan: Plan): Promise<boolean> {
  const { datasetId } = dataset;
  if ((await readJson(store, keys.datasetIndex(datasetId), datasetIndexSchema)) === undefined) return false;
  for (const { augmentationId, augmentation, storedBytes } of plannedAugmentations(dataset, plan)) {
    const storedViews = storedBytes > 0 ? augmentation.views : 0;
    for (let view = 1; view <= storedViews; view++) {
      if ((await readJson(store, keys.viewIndex(datasetId, augmentationId, view), viewIndexSchema)) === undefined)
        return false;
    }
  }
  return true;
}

async function isReported(store: Store, plan: Plan, runs: ReadonlyMap<string, RunState>): Promise<boolean> {
  const report = await readJson(store, keys.latestReportRecord(plan.name), reportRecordSchema);
  const evaluations = Object.fromEntries(
    plan.runs.map(({ runId }) => [runId, runs.get(runId)?.evaluation?.evaluationId ?? null]),
  );
  if (report?.planId !== plan.planId || report.comparisonId !== comparisonId(plan.planId, evaluations)) return false;
  return (await store.getRange(keys.latestReportPage(plan.name), 0, 1)) !== undefined;
}
