import * as z from 'zod';
import { keys } from '../keys.ts';
import { readJson } from '../records/json-records.ts';
import { type Plan, planSchema } from '../records/plan-records.ts';
import type { Immutable } from '../types/immutable.ts';
import type { Store } from '../types/store.ts';

const executionRecordSchema = z.object({
  formatVersion: z.literal(1),
  /** The name of the state machine's execution. */
  executionId: z.string(),
  planId: z.string(),
  /** The manifest's name. */
  name: z.string(),
  /** `plans/<planId>` or `schedules/<scheduleId>/<ISO time>`. */
  source: z.string(),
  openedAt: z.string(),
  runs: z.int().min(0),
  /** The runs that were unfinished when the execution was opened. It trains these. */
  pendingRuns: z.int().min(0),
  /** The seed that a schedule's occurrence adds; null for the execution of a plan. */
  seed: z.int().min(0).nullable(),
});

/** `executions/<executionId>/execution.json`: which plan an execution of the state machine works on. */
export type ExecutionRecord = Immutable<z.output<typeof executionRecordSchema>>;

/** An execution's record, or undefined if its plan job has not ended yet. */
export function executionOf(store: Store, executionId: string): Promise<ExecutionRecord | undefined> {
  return readJson(store, keys.execution(executionId), executionRecordSchema);
}

/** The plan with this id, or the plan of the execution with this id. */
export async function findPlan(store: Store, id: string): Promise<Plan | undefined> {
  const plan = await readJson(store, keys.plan(id), planSchema);
  if (plan !== undefined) return plan;
  const execution = await executionOf(store, id);
  return execution && readJson(store, keys.plan(execution.planId), planSchema);
}
