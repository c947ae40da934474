import { chosenTrials, type Plan, type SearchComparison, searchesOf } from '@bakeoff/core';
import { candidateOf, type ComparedExperiment } from './compared-experiment.ts';

/**
 * The trials of a plan's searches by validation, and the experiments that are compared on the test images: those that are
 * no trials, and the trial that each search chooses. Testing all trials, or choosing by their test results, would make
 * the best of many look better than it is.
 */
export function compareSearches(
  plan: Pick<Plan, 'experiments'>,
  evaluated: readonly ComparedExperiment[],
): { readonly searches: readonly SearchComparison[]; readonly compared: readonly ComparedExperiment[] } {
  const chosen = chosenTrials(evaluated, candidateOf);
  const evaluatedById = new Map(evaluated.map((experiment) => [experiment.id, experiment]));
  const searches = [...searchesOf(plan.experiments)].map(([search, trials]): SearchComparison => ({
    search,
    chosen: chosen.get(search)?.id ?? null,
    trials: trials.map(({ id, trial }) => {
      const found = evaluatedById.get(id);
      return {
        experimentId: id,
        trial: trial!.number,
        seeds: found?.runs.map(({ seed }) => seed) ?? [],
        validation: found === undefined ? null : candidateOf(found).validation,
      };
    }),
  }));
  const compared = evaluated.filter(
    (experiment) => experiment.trial === undefined || chosen.get(experiment.trial.search) === experiment,
  );
  return { searches, compared };
}
