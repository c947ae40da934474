import { keys, mapConcurrently, type Plan, type Store } from '@bakeoff/core';
import { readKeptPlans } from './kept-plans.ts';
import { diffPlan, type PlanDiff } from './plan-diff.ts';
import type { PlanState } from './plan-state.ts';

const READS_AT_ONCE = 32;
/** Earlier plans of the manifest that are compared. */
const MOST_PLANS = 5;

/** What doing a plan would redo, against what the store has of its manifest's earlier plans. */
export async function readPlanDiff(store: Store, plan: Plan, state: PlanState): Promise<PlanDiff> {
  const kept = await readKeptPlans(store);
  const before = kept.filter(({ name, planId }) => name === plan.name && planId !== plan.planId).slice(0, MOST_PLANS);
  const ids = new Set(before.flatMap(({ runs }) => runs.map(({ runId }) => runId)));
  const trained = new Set(
    (
      await mapConcurrently([...ids], READS_AT_ONCE, async (runId) =>
        (await store.getRange(keys.runRecord(runId), 0, 1)) === undefined ? [] : [runId],
      )
    ).flat(),
  );
  return diffPlan(plan, state, before, (runId) => trained.has(runId));
}
