import {
  findPlan,
  keys,
  mapConcurrently,
  type Plan,
  type PlannedRun,
  readAttempts,
  readRunFailures,
  type Store,
} from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { type DeployedOptions, findPlace } from '../aws/find-place.ts';
import { runProgressOf, type RunRow } from '../aws/run-rows.ts';
import { displayUrl } from '../plans/display-url.ts';
import { unknownManifest } from '../plans/find-subject.ts';
import { runningPlans } from '../plans/running-commands.ts';
import { newestPlans, readContents, runProgress, type StoreContents } from '../plans/store-contents.ts';
import { formatDuration } from '../progress/format.ts';
import type { CommandContext } from './command-context.ts';
import { executionStatus } from './execution-status.ts';
import { countStates, runTable } from './run-table.ts';

export interface StatusOptions extends DeployedOptions {
  readonly json?: boolean;
}

const DAY_MS = 24 * 3600 * 1000;
const READS_AT_ONCE = 16;

/**
 * `bakeoff status [NAME]`: every run with its state: of a manifest in a store (the newest if none is named), or of an
 * execution on AWS.
 */
export async function statusCommand(
  name: string | undefined,
  options: StatusOptions,
  context: CommandContext,
): Promise<number> {
  const place = await findPlace(options, name);
  if ('stack' in place) return executionStatus(name, { ...options, stack: place.stack }, context);
  const { store } = place;
  const contents = await readContents(store);
  const plan = await planOf(name, contents);
  const isRunning = (await runningPlans(store.url)).has(plan.planId);
  const rows = await storedRows(plan, contents, { name, nowMs: context.clock.nowMs() });
  const { output, style } = context;
  if (options.json === true) {
    const { planId } = plan;
    output.write(
      `${JSON.stringify({ store: store.url, manifest: plan.name, planId, running: isRunning, runs: rows })}\n`,
    );
    return ExitCode.done;
  }
  const others = newestPlans(contents).filter((other) => other.plan.name !== plan.name);
  const lines = [
    `${style.bold(plan.name)}  in ${displayUrl(store.url)}${isRunning ? ` · ${style.accent('running')}` : ''} · ${countStates(rows)}`,
    '',
    ...runTable(rows, style),
    ...(others.length > 0 && name === undefined
      ? ['', style.dim(`also here: ${others.map((other) => other.plan.name).join(', ')}`)]
      : []),
  ];
  for (const line of lines) output.write(`${line}\n`);
  return ExitCode.done;
}

async function planOf(name: string | undefined, contents: StoreContents): Promise<Plan> {
  const newest = newestPlans(contents);
  const found = newest.find(({ plan }) => name === undefined || plan.name === name)?.plan;
  const plan = found ?? (name === undefined ? undefined : await findPlan(contents.store, name));
  if (plan === undefined) throw unknownManifest(name ?? 'to show', contents);
  return plan;
}

/** The state of every run as the store has it; nobody is asked what is running now. */
async function storedRows(
  plan: Plan,
  contents: StoreContents,
  { name, nowMs }: { readonly name: string | undefined; readonly nowMs: number },
): Promise<RunRow[]> {
  const { store } = contents;
  const failures = name === undefined ? undefined : await readRunFailures(store, name);
  return mapConcurrently(plan.runs, READS_AT_ONCE, async (run): Promise<RunRow> => {
    const { runId, experiments, seed } = run;
    const row = { runId, experiments, seed, detail: '', progress: null, secondsLeft: null } as const;
    const progress = runProgress(contents, run);
    if (progress === 'evaluated' || progress === 'trained') return { ...row, state: progress };
    const failure = failures?.get(runId);
    if (failure !== undefined)
      return { ...row, state: 'failed', detail: `${failure.stage ?? 'job'}: ${failure.reason}` };
    if (progress === 'not started') return { ...row, state: 'pending' };
    return { ...row, ...(await attemptState(plan, run, store, nowMs)) };
  });
}

async function attemptState(
  plan: Plan,
  run: PlannedRun,
  store: Store,
  nowMs: number,
): Promise<Pick<RunRow, 'state' | 'detail' | 'progress' | 'secondsLeft'>> {
  const last = (await readAttempts(store, run.runId)).at(-1);
  if (last === undefined) return { state: 'training', detail: 'no checkpoint yet', progress: null, secondsLeft: null };
  const { progress, secondsLeft } = runProgressOf(plan, run, last);
  let writtenMs = 0;
  for await (const { modifiedMs } of store.list(keys.runMeasurements(run.runId)))
    writtenMs = Math.max(writtenMs, modifiedMs);
  const age = `last sign ${formatDuration(Math.max(0, nowMs - writtenMs))} ago`;
  if (last.outcome === 'running' && nowMs - writtenMs < DAY_MS)
    return { state: 'training', detail: age, progress, secondsLeft };
  if (last.outcome === 'failed')
    return { state: 'failed', detail: last.failure?.split('\n')[0] ?? age, progress, secondsLeft: null };
  return { state: 'interrupted', detail: age, progress, secondsLeft: null };
}
