import { keys } from '../keys.ts';
import type { Store } from '../types/store.ts';
import { writeJsonIfAbsent } from './json-records.ts';
import { type Plan, planSchema } from './plan-records.ts';

/** Writes a plan unless it is there: plans of one id are equal. */
export async function writePlan(store: Store, plan: Plan): Promise<void> {
  await writeJsonIfAbsent(store, keys.plan(plan.planId), plan, planSchema);
}
