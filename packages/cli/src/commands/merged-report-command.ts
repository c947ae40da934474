import { mergePlans, type Plan, UserError, writePlan } from '@bakeoff/core';
import { planManifestFile, readPlan } from '../plans/load-plan.ts';
import { requireResults } from '../plans/no-results.ts';
import { openStore } from '../plans/open-store.ts';
import { storeUrl } from '../plans/store-url.ts';
import { performCompare } from '../stages/perform-compare.ts';
import type { CommandContext } from './command-context.ts';
import type { StageCommandOptions } from './options.ts';
import { stageCommand } from './stage-command.ts';

/** `bakeoff report A B …`: compares the results of several manifests, and builds one report of them all. */
export async function mergedReportCommand(
  manifests: readonly string[],
  options: StageCommandOptions,
  context: CommandContext,
): Promise<number> {
  if (options.plan !== undefined)
    throw new UserError({
      what: 'a report is of manifests or of a plan',
      received: `${manifests.join(', ')} and --plan ${options.plan}`,
      fix: 'leave out one of the two',
    });
  const store = await openStore(storeUrl(options));
  const plans: Plan[] = [];
  for (const manifest of manifests) plans.push(await planManifestFile(manifest, options, context));
  const different = [...new Map(plans.map((plan) => [plan.planId, plan])).values()];
  const merged = mergePlans(different);
  const { planId } = merged;
  await requireResults(merged, store);
  await writePlan(store, merged);
  // It is read back as every stage reads it, so that results are the same bytes down to the order of settings.
  const plan = await readPlan(store, planId);
  const { log, signal, clock } = context;
  await performCompare({}, plan, {}, { store, log, signal, clock });
  // The changes are in the plan already.
  const { set: _set, seeds: _seeds, ...others } = options;
  return stageCommand('report', undefined, { ...others, plan: planId }, context);
}
