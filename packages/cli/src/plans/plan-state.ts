import {
  comparisonId,
  evaluationIds,
  existingEvaluations,
  type EvaluationRecord,
  keys,
  mapConcurrently,
  type Plan,
  plannedAugmentations,
  type PlannedDataset,
  type PlannedRun,
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
  /** Of the run's planned evaluations, in their order. */
  readonly evaluations?: readonly (EvaluationRecord | undefined)[];
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
      async (run) => [run.runId, await readRunState(store, run)] as const,
    ),
  );
  const preparedDatasets = new Set(plan.datasets.filter((_, i) => prepared[i]).map(({ datasetId }) => datasetId));
  return { preparedDatasets, runs, reported: await isReported(store, plan, runs) };
}

async function readRunState(store: Store, run: PlannedRun): Promise<RunState> {
  const record = await readJson(store, keys.runRecord(run.runId), runRecordSchema);
  if (record === undefined) return {};
  return {
    record,
    evaluations: await Promise.all(
      evaluationIds(run).map((id) => readJson(store, keys.evaluationRecord(id), evaluationRecordSchema)),
    ),
  };
}

/** A run is finished if it is evaluated, or diverged before it had weights to evaluate. */
export function isFinished(state: RunState): boolean {
  return isEvaluated(state) || state.record?.model === null;
}

/** Whether a run has all its evaluations. */
export function isEvaluated({ evaluations = [] }: RunState): boolean {
  return evaluations.length > 0 && evaluations.every((evaluation) => evaluation !== undefined);
}

/** Whether a task's results exist. For stages that are not named here, each task finds out by itself. */
export function isDone(work: StageWork, state: PlanState): boolean {
  return doneChecks[work.stage]?.(subjectId(work), state) ?? false;
}

const doneChecks: Readonly<Partial<Record<StageName, (id: string, state: PlanState) => boolean>>> = {
  'data-prep': (datasetId, { preparedDatasets }) => preparedDatasets.has(datasetId),
  train: (runId, { runs }) => runs.get(runId)?.record !== undefined,
  evaluate: (runId, { runs }) => isEvaluated(runs.get(runId) ?? {}),
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
  const evaluated = new Set(
    [...runs.values()].flatMap(({ evaluations = [] }) => evaluations.map((evaluation) => evaluation?.evaluationId)),
  );
  const evaluations = existingEvaluations(plan, (id) => evaluated.has(id));
  if (report?.planId !== plan.planId || report.comparisonId !== comparisonId(plan.planId, evaluations)) return false;
  return (await store.getRange(keys.latestReportPage(plan.name), 0, 1)) !== undefined;
}
