import { type Plan, stageNames, type Store, writePlan } from '@bakeoff/core';
import type { CommandContext } from './command-context.ts';
import { displayUrl } from '../plans/display-url.ts';
import { openContainers } from '../places/docker/open-containers.ts';
import { requireEngine } from '../places/require-engine.ts';
import { warnOfOtherEngines } from '../plans/kept-results.ts';
import { placesOf, planManifestFile } from '../plans/load-plan.ts';
import { rememberStore } from '../plans/known-stores.ts';
import { openStore } from '../plans/open-store.ts';
import { plural } from '../progress/format.ts';
import { executeTasks } from './execute-tasks.ts';
import { expectedHere } from '../estimates/study-estimate.ts';
import { planTasks } from '../tasks/plan-tasks.ts';
import { isFinished, NOTHING_DONE, type PlanState, readPlanState } from '../plans/plan-state.ts';
import { whileRunning } from '../plans/running-commands.ts';
import { removeResults } from '../plans/remove-results.ts';
import { concludeRun } from './conclude-run.ts';
import { storeUrl } from '../plans/store-url.ts';
import type { RunCommandOptions } from './options.ts';

/** `bakeoff run MANIFEST`: everything from a manifest to its report, doing only what is not done yet. */
export async function runCommand(
  manifest: string,
  options: RunCommandOptions,
  context: CommandContext,
): Promise<number> {
  const startMs = context.clock.elapsedMs();
  const plan = await planManifestFile(manifest, options, context);
  const store = await openStore(storeUrl(options));
  const state = options.force === true ? NOTHING_DONE : await readPlanState(store, plan);
  for (const warning of plan.warnings) context.log({ type: 'warning', text: warning });
  context.log({ type: 'message', text: opening(plan, state, store) });
  if (options.force !== true) await warnOfOtherEngines(plan, options.engine, stageNames, { store, log: context.log });

  const places = placesOf(options, manifest);
  const tasks = planTasks(plan, state, {
    store: store.url,
    engine: options.engine,
    ...places,
  });
  const containers =
    options.docker === true
      ? await openContainers(
          {
            plan,
            store: store.url,
            engine: options.engine,
            ...places,
            image: options.image,
            gpuImage: options.gpuImage,
          },
          context.log,
        )
      : undefined;
  if (containers === undefined) await requireEngine(options.engine, tasks, { signal: context.signal });
  // Nothing is written or removed before it is known that it can be computed.
  const outcomes = await whileRunning({ store: store.url, planId: plan.planId }, async () => {
    await writePlan(store, plan);
    await rememberStore(store.url);
    if (options.force === true) await removeResults(store, plan, stageNames);
    const expectedOf = await expectedHere(plan, tasks, {
      store,
      cacheFolder: options.cache,
      engine: options.engine,
      jobs: options.jobs,
    });
    return whileWatched(plan, store, options, context, () =>
      executeTasks(tasks, options, context, { workplace: containers, expectedOf }),
    );
  });
  return concludeRun(
    {
      plan,
      store,
      tasks,
      outcomes,
      state,
      elapsedMs: context.clock.elapsedMs() - startMs,
      json: options.json === true,
    },
    context,
  );
}

/** With `--watch`, serves the live page while the work goes on; its server is loaded only then. */
async function whileWatched<Result>(
  plan: Plan,
  store: Store,
  options: RunCommandOptions,
  context: CommandContext,
  work: () => Promise<Result>,
): Promise<Result> {
  if (options.watch !== true) return work();
  const { startWatching } = await import('../watch/start-watching.ts');
  const watching = await startWatching(plan, store, options, context);
  context.log({ type: 'message', text: `live page: ${watching.url}` });
  try {
    return await work();
  } finally {
    await watching.end();
  }
}

function opening(plan: Plan, state: PlanState, store: Store): string {
  const finished = plan.runs.filter(({ runId }) => isFinished(state.runs.get(runId) ?? {})).length;
  const done =
    finished === 0 ? '' : finished === plan.runs.length ? ', all finished already' : `, ${finished} finished already`;
  return `${plan.name}: ${plural(plan.experiments.length, 'experiment')}, ${plural(plan.runs.length, 'run')}${done} → ${displayUrl(store.url)}`;
}
