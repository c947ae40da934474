import { contentId } from '../canonical-json.ts';
import { type Plan, planSchema } from '../records/plan-records.ts';
import { withoutNeutral } from '../schema/neutral-settings.ts';

/**
 * Raised when equal inputs would give another plan. It does not cover what stages compute: their versions are in the
 * ids that the plan names.
 */
const PLAN_VERSION = 1;

/**
 * A plan's id covers everything in the plan except the manifest's file name, so equal ids mean equal plans, wherever
 * the file is. A run's id stands for its recipe, dataset and seed.
 */
export function planIdOf(plan: Omit<Plan, 'planId'>): string {
  const { runs, manifest, ...rest } = withoutNeutral(planSchema, plan);
  return contentId({
    kind: 'plan',
    recipeVersion: PLAN_VERSION,
    ...rest,
    manifest: manifest.text,
    runs: runs.map(({ runId, parameters, macs }) => [runId, parameters, macs]),
  });
}
