import { keys } from '../keys.ts';
import { readJson } from '../records.ts';
import type { Plan } from '../types/plan.ts';
import type { Store } from '../types/store.ts';

/** `executions/<executionId>/execution.json`: which plan an execution of the state machine works on. */
export interface ExecutionRecord {
  readonly formatVersion: 1;
  /** The name of the state machine's execution. */
  readonly executionId: string;
  readonly planId: string;
  /** The manifest's name. */
  readonly name: string;
  /** `plans/<planId>` or `schedules/<scheduleId>/<ISO time>`. */
  readonly source: string;
  readonly openedAt: string;
  readonly runs: number;
  /** The runs that were unfinished when the execution was opened. It trains these. */
  readonly pendingRuns: number;
  /** The seed that a schedule's occurrence adds; null for the execution of a plan. */
  readonly seed: number | null;
}

/** An execution's record, or undefined if its plan job has not ended yet. */
export function executionOf(store: Store, executionId: string): Promise<ExecutionRecord | undefined> {
  return readJson<ExecutionRecord>(store, keys.execution(executionId));
}

/** The plan with this id, or the plan of the execution with this id. */
export async function findPlan(store: Store, id: string): Promise<Plan | undefined> {
  const plan = await readJson<Plan>(store, keys.plan(id));
  if (plan !== undefined) return plan;
  const execution = await executionOf(store, id);
  return execution && readJson<Plan>(store, keys.plan(execution.planId));
}
