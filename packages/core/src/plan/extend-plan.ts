import { runId } from '../ids.ts';
import type { Plan, PlannedExperiment, PlannedRun } from '../records/plan-records.ts';
import { withEvaluations } from './planned-evaluations.ts';
import { planIdOf } from './plan-id.ts';
import { planWarnings } from './plan-warnings.ts';

/** The highest seed of a plan. */
export function highestSeed({ runs }: Pick<Plan, 'runs'>): number {
  return runs.reduce((highest, { seed }) => Math.max(highest, seed), 0);
}

/**
 * The same plan with further seeds in every experiment; runs keep the ids they would have if the manifest named these
 * seeds.
 * @param note Where the seeds come from. The manifest's text does not say, so the note is added to the plan's warnings.
 */
export function extendPlan(plan: Plan, seeds: readonly number[], note: string): Plan {
  const runs = new Map<string, PlannedRun & { experiments: string[] }>(
    plan.runs.map((run) => [run.runId, { ...run, experiments: [...run.experiments] }]),
  );
  const sample = new Map(plan.runs.map((run) => [run.recipeId, run]));
  const experiments = plan.experiments.map((experiment): PlannedExperiment => {
    const { id, recipeId, runIds } = experiment;
    const like = sample.get(recipeId)!;
    const added = seeds.map((seed) => {
      const added = runId(recipeId, seed);
      const known = runs.get(added);
      if (known === undefined) runs.set(added, { ...like, runId: added, seed, experiments: [id] });
      else if (!known.experiments.includes(id)) known.experiments.push(id);
      return added;
    });
    return { ...experiment, runIds: [...new Set([...runIds, ...added])] };
  });
  const settings = experiments.map(({ id, recipeId, runIds }) => ({
    id,
    seeds: runIds.map((each) => (runs.get(each) as PlannedRun).seed),
    recipe: sample.get(recipeId)!.recipe,
  }));
  const { planId: _planId, ...rest } = plan;
  const extended = {
    ...rest,
    experiments,
    runs: withEvaluations([...runs.values()], experiments),
    warnings: [...planWarnings({ experiments: settings, report: plan.report }, experiments, plan.datasets), note],
  };
  return { ...extended, planId: planIdOf(extended) };
}
