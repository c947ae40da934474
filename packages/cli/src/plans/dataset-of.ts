import type { Plan, PlannedDataset, PlannedRun } from '@bakeoff/core';

/** The dataset of a run of the plan. */
export function datasetOf(plan: Plan, run: PlannedRun): PlannedDataset {
  const found = plan.datasets.find(({ datasetId }) => datasetId === run.datasetId);
  if (found === undefined) throw new Error(`plan ${plan.planId} has no dataset ${run.datasetId}`);
  return found;
}
