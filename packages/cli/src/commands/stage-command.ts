import { type Plan, type StageName, type Store, UserError, writePlan } from '@bakeoff/core';
import { readPrices } from '../plans/read-prices.ts';
import type { CommandContext } from './command-context.ts';
import { objectUrl } from '../plans/display-url.ts';
import { requireEngine } from '../places/require-engine.ts';
import { outcomesExitCode } from '../tasks/outcomes-exit-code.ts';
import { warnOfOtherEngines } from '../plans/kept-results.ts';
import { placesOf, planManifestFile, readPlan, refuseChanges } from '../plans/load-plan.ts';
import { executeTasks } from './execute-tasks.ts';
import { launchHere } from '../places/launch-here.ts';
import { stageTasks } from '../tasks/plan-tasks.ts';
import { requireMemory } from '../tasks/require-memory.ts';
import type { Task, TaskOutcome } from '../tasks/task.ts';
import { rememberStore } from '../plans/known-stores.ts';
import { requireResults } from '../plans/no-results.ts';
import { openStore } from '../plans/open-store.ts';
import { createView } from '../progress/create-view.ts';
import { whileRunning } from '../plans/running-commands.ts';
import { removeResults } from '../plans/remove-results.ts';
import { selectFromPlan } from '../plans/select-from-plan.ts';
import { reportPageKey } from './report-page.ts';
import type { SourcePlaces } from '../plans/source-places.ts';
import { storeUrl } from '../plans/store-url.ts';
import type { ReadLastLines } from '../stages/report-message.ts';
import type { StageCommandOptions } from './options.ts';

/**
 * `bakeoff STAGE`: one stage. One subject runs in this process (as the local runner, a
 * container or a Batch job calls it), several in child processes.
 */
export async function stageCommand(
  stage: StageName,
  manifest: string | undefined,
  options: StageCommandOptions,
  context: CommandContext,
): Promise<number> {
  if (options.preview !== undefined)
    return (await import('./preview-command.ts')).previewCommand(manifest, options.preview, options, context);
  const store = await openStore(storeUrl(options));
  const planned = await findPlan(manifest, options, store, context);
  // Otherwise a report over an empty store would leave a plan there.
  if (stage === 'report' && manifest !== undefined) await requireResults(planned, store);
  const keep = async (): Promise<Plan> => (manifest === undefined ? planned : keepPlan(planned, store));
  if (options.format !== undefined) {
    const { printReport } = await import('./print-report.ts');
    return printReport(
      await keep(),
      options.format,
      options,
      { store, log: context.log, signal: context.signal, clock: context.clock },
      context,
    );
  }
  const places = placesOf(options, manifest);
  const select = (plan: Plan) => {
    const selected = selectFromPlan(plan, stage, options);
    const { engine } = options;
    return { selected, tasks: stageTasks(stage, selected, { store: store.url, engine, ...places }) };
  };
  const { tasks: expected } = select(planned);
  // A single task in this process reports itself what its engine lacks, but results must not be removed before it is
  // known that they can be computed again.
  if (expected.length !== 1 || options.force === true)
    await requireEngine(options.engine, expected, { signal: context.signal });
  const whole = await keep();
  if (manifest !== undefined) await rememberStore(store.url);
  const { selected, tasks } = select(whole);
  const [task] = tasks;
  const alone = tasks.length === 1 ? task : undefined;
  if (options.force === true) await removeResults(store, selected, [stage]);
  else await warnOfOtherEngines(selected, options.engine, [stage], { store, log: context.log });
  const outcomes = await whileRunning({ store: store.url, planId: whole.planId }, async () =>
    alone === undefined
      ? executeTasks(tasks, options, context)
      : new Map([[alone.id, await performHere(alone, whole, { store, places }, options, context)]]),
  );
  return conclude(outcomes, store, options, context);
}

/** Performs one task in this process. */
async function performHere(
  task: Task,
  plan: Plan,
  { store, places }: { readonly store: Store; readonly places: SourcePlaces },
  options: StageCommandOptions,
  context: CommandContext,
): Promise<TaskOutcome> {
  const prices = await readPrices(options.prices);
  const view = createView(context, { json: options.json === true, tasks: [task], hint: '' });
  try {
    requireMemory(task);
    const launch = launchHere(
      plan,
      {
        ...places,
        engine: options.engine,
        prices,
        pictures: options.pictures,
        executionId: options.plan,
        ...(inBatchJob() ? { readLastLines } : {}),
      },
      { store, signal: context.signal, clock: context.clock },
    );
    view.started(task);
    const outcome = await launch(task, (event) => view.event(task, event)).outcome;
    view.ended(task, outcome);
    return outcome;
  } finally {
    view.close();
  }
}

function inBatchJob(): boolean {
  return process.env['AWS_BATCH_JOB_ID'] !== undefined;
}

/** A log that cannot be read must not keep the report from being announced. */
const readLastLines: ReadLastLines = async (log, count) => {
  const { JobLogs } = await import('../aws/job-logs.ts');
  return new JobLogs().last(log, count).catch(() => []);
};

async function findPlan(
  manifest: string | undefined,
  options: StageCommandOptions,
  store: Store,
  context: CommandContext,
): Promise<Plan> {
  if ((manifest === undefined) === (options.plan === undefined)) {
    throw new UserError({
      what: 'a stage works on one plan',
      received: manifest === undefined ? 'neither a manifest nor --plan' : 'both a manifest and --plan',
      allowed: 'a manifest, or --plan ID of a plan in the store',
    });
  }
  if (manifest === undefined) {
    refuseChanges(options, {
      received: `--plan ${options.plan}`,
      because: 'a plan has its settings already',
      fix: 'give the manifest instead of --plan',
    });
    return readPlan(store, options.plan ?? '');
  }
  return planManifestFile(manifest, options, context);
}

/** Writes a plan, and reads it back as every stage reads it, so that results are the same bytes down to the order of settings. */
async function keepPlan(plan: Plan, store: Store): Promise<Plan> {
  await writePlan(store, plan);
  return readPlan(store, plan.planId);
}

function conclude(
  outcomes: ReadonlyMap<string, TaskOutcome>,
  store: Store,
  { json }: StageCommandOptions,
  { output, stop }: CommandContext,
): number {
  for (const outcome of outcomes.values()) {
    const page = reportPageKey(outcome);
    if (page !== undefined && json !== true) output.write(`report: ${objectUrl(store.url, page)}\n`);
  }
  return outcomesExitCode([...outcomes.values()], stop.cause());
}
