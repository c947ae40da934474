import { keys, mapConcurrently, type Plan, type StageContext, type Store, UserError } from '@bakeoff/core';
import { planManifestFile, refuseChanges, type SourceOptions } from './load-plan.ts';
import { displayUrl } from './display-url.ts';
import { readKeptPlans } from './kept-plans.ts';

/** Plans, the newest ones, that are compared for the newest attempt. */
const MOST_COMPARED = 50;

/**
 * The plan to watch: of a manifest file, or, by the manifest's name or without one, the plan of the store whose runs
 * began last.
 * @throws UserError if the store has no such plan.
 */
export async function watchedPlan(
  manifest: string | undefined,
  store: Store,
  options: SourceOptions,
  context: Pick<StageContext, 'log' | 'signal'>,
): Promise<Plan> {
  if (manifest !== undefined && /\.(ya?ml|json)$/i.test(manifest)) return planManifestFile(manifest, options, context);
  refuseChanges(options, {
    received: manifest ?? 'no manifest',
    because: 'a plan of the store has its settings already',
    fix: 'give the manifest file',
  });
  const plans = await readKeptPlans(store, Infinity);
  const candidates = plans.filter(({ name }) => manifest === undefined || name === manifest);
  const begun = await mapConcurrently(candidates.slice(0, MOST_COMPARED), 4, async (plan) => ({
    plan,
    at: await lastBegun(store, plan),
  }));
  const newest = begun.reduce<(typeof begun)[number] | undefined>(
    (best, each) => (best === undefined || each.at > best.at ? each : best),
    undefined,
  );
  if (newest !== undefined) return newest.plan;
  const names = [...new Set(plans.map(({ name }) => name))];
  throw new UserError({
    what: manifest === undefined ? 'there is no plan to watch' : `there is no plan of ${manifest} to watch`,
    received: displayUrl(store.url),
    allowed: names.length > 0 ? names.join(', ') : 'a manifest file, or a store that `bakeoff run` writes to',
    fix: names.length > 0 ? 'give one of these names, or a manifest file' : 'give the manifest: bakeoff watch MANIFEST',
  });
}

/** The id of the newest attempt of a plan's runs; ids sort by the time at which attempts began. Empty without one. */
async function lastBegun(store: Store, { runs }: Plan): Promise<string> {
  const attempts = await mapConcurrently(runs, 16, async ({ runId }) => {
    let last = '';
    for await (const { key } of store.list(keys.runMeasurements(runId))) {
      const attempt = key.slice(keys.runMeasurements(runId).length);
      if (attempt > last) last = attempt;
    }
    return last;
  });
  return attempts.reduce((last, attempt) => (attempt > last ? attempt : last), '');
}
