import { keys } from '../keys.ts';
import { extendPlan, highestSeed } from '../plan/extend-plan.ts';
import { readJson, type RecordSchema, writeJsonIfAbsent } from '../records/json-records.ts';
import { writePlan } from '../records/write-plan.ts';
import type { StageContext } from '../types/context.ts';
import { type Plan, type PlannedRun, planSchema } from '../records/plan-records.ts';
import type { Store } from '../types/store.ts';
import { UserError } from '../user-error.ts';
import type { ExecutionArguments } from '../stage-command.ts';
import { executionOf, type ExecutionRecord } from './execution-record.ts';
import { findPendingRuns } from './pending-runs.ts';
import { reserveOccurrence, scheduleRecordSchema } from './schedule-record.ts';

export interface OpenedExecution {
  readonly record: ExecutionRecord;
  /** False if an earlier attempt had opened it. */
  readonly isNew: boolean;
}

/** What an execution works on, and which runs it trains. */
interface Work {
  readonly plan: Plan;
  readonly own: readonly PlannedRun[];
  readonly seed: number | null;
}

/**
 * Opens an execution: writes its plan, `pending.json` (the runs that the state machine's map iterates over) and, as the
 * marker, `execution.json`. A second call changes nothing, so a retry of the job trains the same runs.
 * @throws UserError if the source is not in the store.
 */
export async function openExecution(
  { executionId, source }: Pick<ExecutionArguments, 'executionId' | 'source'>,
  { store, clock }: Pick<StageContext, 'store' | 'clock'>,
): Promise<OpenedExecution> {
  const known = await executionOf(store, executionId);
  if (known !== undefined) {
    if (known.source !== source)
      throw new UserError({
        what: `execution ${executionId} has another source`,
        received: source,
        allowed: known.source,
        fix: 'give each execution a name of its own',
      });
    return { record: known, isNew: false };
  }
  const { plan, own, seed } = await workOf(store, source);
  const pending = await findPendingRuns(store, own);
  await writePlan(store, plan);
  await store.put(
    keys.executionPending(executionId),
    new TextEncoder().encode(`${JSON.stringify(pending.map(({ runId }) => ({ runId })))}\n`),
  );
  const record: ExecutionRecord = {
    formatVersion: 1,
    executionId,
    planId: plan.planId,
    name: plan.name,
    source,
    openedAt: new Date(clock.nowMs()).toISOString(),
    runs: plan.runs.length,
    pendingRuns: pending.length,
    seed,
  };
  await writeJsonIfAbsent(store, keys.execution(executionId), record);
  return { record, isNew: true };
}

async function workOf(store: Store, source: string): Promise<Work> {
  const [kind, id = '', scheduledTime, ...more] = source.split('/');
  if (kind === 'plans' && id !== '' && scheduledTime === undefined) {
    const plan = await required(store, keys.plan(id), planSchema, `plan ${id}`);
    return { plan, own: plan.runs, seed: null };
  }
  if (kind === 'schedules' && id !== '' && scheduledTime !== undefined && more.length === 0)
    return occurrenceWork(store, id, scheduledTime);
  throw new UserError({
    what: 'the source of an execution must be a plan or an occurrence of a schedule',
    received: source,
    allowed: 'plans/<plan id> or schedules/<schedule id>/<ISO time>',
  });
}

/**
 * A plan of all seeds so far, of which only the newest is trained. The first occurrence also trains the manifest's own
 * seeds if they are not trained yet. What an occurrence leaves unfinished is left to `bakeoff retry`, because it may
 * still be running when the next one starts.
 */
async function occurrenceWork(store: Store, scheduleId: string, scheduledTime: string): Promise<Work> {
  const schedule = await required(store, keys.schedule(scheduleId), scheduleRecordSchema, `schedule ${scheduleId}`);
  const base = await required(store, keys.plan(schedule.planId), planSchema, `plan ${schedule.planId}`);
  const { occurrence, seed } = await reserveOccurrence(store, schedule, base, scheduledTime);
  const highest = highestSeed(base);
  const seeds = Array.from({ length: occurrence }, (_, i) => highest + 1 + i);
  const plan = extendPlan(
    base,
    seeds,
    `seeds ${seeds.length === 1 ? seed : `${seeds[0]} to ${seed}`} were added by schedule ${scheduleId}, one each time it ran`,
  );
  return { plan, own: occurrence === 1 ? plan.runs : plan.runs.filter((run) => run.seed === seed), seed };
}

async function required<Schema extends RecordSchema>(store: Store, key: string, schema: Schema, name: string) {
  const record = await readJson(store, key, schema);
  if (record !== undefined) return record;
  throw new UserError({
    what: `no ${name} in ${store.url}`,
    received: key,
    fix: 'submit the manifest again: bakeoff submit MANIFEST, or bakeoff schedule MANIFEST',
  });
}
