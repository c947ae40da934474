import { type Plan, type PlannedRun, type StageContext, UserError } from '@bakeoff/core';
import { planManifestFile, type SourceOptions } from '../plans/load-plan.ts';

/**
 * Plans a manifest whose runs are to be jobs on AWS.
 * @throws UserError for what is wrong in the manifest, or what jobs do not support
 */
export async function planForAws(
  manifest: string,
  options: SourceOptions,
  context: Pick<StageContext, 'log' | 'signal'>,
): Promise<Plan> {
  const plan = await planManifestFile(manifest, options, context);
  refuseReplicas(plan);
  return plan;
}

/** One run of every recipe: what an occurrence of a schedule trains. */
export function oneSeed({ runs }: Plan): readonly PlannedRun[] {
  return [...new Map(runs.map((run) => [run.recipeId, run])).values()];
}

/** A job trains on one GPU, whose engine uses the whole device for one network, or on one vCPU. */
export function refuseReplicas({ runs }: Plan): void {
  const asking = runs.filter(({ recipe }) => recipe.replicas > 1);
  const [first] = asking;
  if (first === undefined) return;
  throw new UserError({
    what: `${asking.length === 1 ? 'a run asks' : `${asking.length} runs ask`} for replicas, which jobs on AWS do not support: they train on one GPU or one vCPU`,
    received: `${first.experiments.join(', ')}: replicas: ${first.recipe.replicas}`,
    allowed: 'replicas: 1',
    fix: 'set replicas to 1, or run the manifest on a machine with several cores: bakeoff run MANIFEST --engine wasm',
  });
}
