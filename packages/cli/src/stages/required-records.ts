import { type DatasetIndex, keys, type Plan, readJson, type RunRecord, type Store, UserError } from '@bakeoff/core';

export async function requireIndex(store: Store, plan: Plan, datasetId: string): Promise<DatasetIndex> {
  const index = await readJson<DatasetIndex>(store, keys.datasetIndex(datasetId));
  if (index !== undefined) return index;
  throw new UserError({
    what: `dataset ${datasetId} is not prepared in ${store.url}`,
    fix: `run: bakeoff data-prep --plan ${plan.planId} --store ${store.url}`,
  });
}

export async function requireRun(store: Store, plan: Plan, runId: string): Promise<RunRecord> {
  const record = await readJson<RunRecord>(store, keys.runRecord(runId));
  if (record !== undefined) return record;
  throw new UserError({
    what: `run ${runId} is not trained in ${store.url}`,
    fix: `run: bakeoff train --plan ${plan.planId} --run ${runId} --store ${store.url}`,
  });
}
