import {
  executionMessageSchema,
  executionOf,
  keys,
  mapConcurrently,
  type Plan,
  type PlannedDataset,
  type PlannedRun,
  prefixes,
  readJson,
} from '@bakeoff/core';
import { runningPlans } from './running-commands.ts';
import { foldersOfPlan, isPart, runProgress, type StoreContents } from './store-contents.ts';

const DAY_MS = 24 * 3600 * 1000;
const READS_AT_ONCE = 16;

/** Whether an execution still runs; null if that cannot be known. */
export type AsksExecution = (executionId: string) => Promise<boolean | null>;

/** Why folders must not be removed, by their names. */
export type InUse = ReadonlyMap<string, string>;

/**
 * What may still be worked on: by commands on this machine, by executions on AWS that have not ended, and by attempts
 * younger than a day that have not finished, wherever they run.
 */
export async function findInUse(
  contents: StoreContents,
  { nowMs, asksExecution }: { readonly nowMs: number; readonly asksExecution: AsksExecution },
): Promise<InUse> {
  const used = new Map<string, string>();
  const use = (folders: readonly string[], why: string): void => {
    for (const folder of folders) if (!used.has(folder)) used.set(folder, why);
  };
  const isYoungPart = (name: string): boolean => {
    const { modifiedMs = 0 } = contents.folders.get(name) ?? {};
    return nowMs - modifiedMs < DAY_MS && isPart(contents, name);
  };
  const isYoungDataset = ({ datasetId }: PlannedDataset): boolean => isYoungPart(prefixes.datasets + datasetId);
  const running = await runningPlans(contents.store.url);
  for (const { plan } of contents.plans) {
    if (running.has(plan.planId)) use(foldersOfPlan(contents, plan), 'a command is working with it');
    // Who works on one run of a plan compares it with the others at the end.
    if (plan.runs.some((run) => hasYoungAttempt(contents, run, nowMs)) || plan.datasets.some(isYoungDataset))
      use(foldersOfPlan(contents, plan), YOUNG);
  }
  for (const name of contents.folders.keys()) if (isYoungPart(name)) use([name], YOUNG);
  for (const { executionId, plan } of await openExecutions(contents, asksExecution))
    use(foldersOfPlan(contents, plan), `execution ${executionId} may be running`);
  return used;
}

const YOUNG = 'an attempt younger than a day has not finished';

/** A run that is begun or trained, but not all that follows is done. */
function hasYoungAttempt(contents: StoreContents, run: PlannedRun, nowMs: number): boolean {
  const folder = contents.folders.get(prefixes.runs + run.runId);
  const progress = runProgress(contents, run);
  return (progress === 'unfinished' || progress === 'trained') && nowMs - (folder?.modifiedMs ?? 0) < DAY_MS;
}

/** Executions that have not announced their end, with the plans that the store has of them. */
async function openExecutions(
  { store, folders, plans }: StoreContents,
  asksExecution: AsksExecution,
): Promise<{ readonly executionId: string; readonly plan: Plan }[]> {
  const ids = [...folders.keys()].flatMap((name) =>
    name.startsWith(prefixes.executions) ? [name.slice(prefixes.executions.length)] : [],
  );
  const found = await mapConcurrently(ids, READS_AT_ONCE, async (executionId) => {
    const record = await executionOf(store, executionId);
    const plan = plans.find((stored) => stored.plan.planId === record?.planId)?.plan;
    if (plan === undefined) return [];
    const running = await asksExecution(executionId);
    const ended = await readJson(store, keys.executionMessage(executionId), executionMessageSchema);
    return (running ?? ended === undefined) ? [{ executionId, plan }] : [];
  });
  return found.flat();
}
