import {
  type DatasetIndex,
  keys,
  type Plan,
  readJson,
  type RunRecord,
  type Store,
  UserError,
  datasetIndexSchema,
  runRecordSchema,
} from '@bakeoff/core';

export async function requireIndex(store: Store, plan: Plan, datasetId: string): Promise<DatasetIndex> {
  const index = await readJson(store, keys.datasetIndex(datasetId), datasetIndexSchema);
  if (index !== undefined) return index;
  throw new UserError({
    what: `dataset ${datasetId} is not prepared in ${store.url}`,
    fix: `run: bakeoff data-prep --plan ${plan.planId} --store ${store.url}`,
  });
}

export async function requireRun(store: Store, plan: Plan, runId: string): Promise<RunRecord> {
  const record = await readJson(store, keys.runRecord(runId), runRecordSchema);
  if (record !== undefined) return record;
  throw new UserError({
    what: `run ${runId} is not trained in ${store.url}`,
    fix: `run: bakeoff train --plan ${plan.planId} --run ${runId} --store ${store.url}`,
  });
}
