import type { RecipeComparison, RecipeSummary } from '@bakeoff/core';
import { decideVerdict, holmCorrection, meanInterval, welchTest } from '@bakeoff/statistics';
import type { ComparedExperiment } from './compared-experiment.ts';

/** With fewer seeds, a recipe's spread is a guess: two seeds give a deviation with one degree of freedom. */
export const FEWEST_SEEDS = 3;

function accuracies({ runs }: ComparedExperiment): number[] {
  return runs.map(({ accuracy }) => accuracy);
}

/** Mean and spread of an experiment with at least one evaluated run. */
export function summarizeRecipe(experiment: ComparedExperiment): RecipeSummary {
  const values = accuracies(experiment);
  return {
    experimentId: experiment.id,
    recipeId: experiment.recipeId,
    seeds: experiment.runs.map(({ seed }) => seed),
    accuracies: values,
    ...meanInterval(values),
  };
}

/**
 * Welch's tests of the pairs in which both recipes have at least three evaluated seeds, Holm-corrected over these
 * pairs. `untestable` are the pairs among them in which no accuracy varies over the seeds.
 */
export function compareRecipes(pairs: readonly (readonly [ComparedExperiment, ComparedExperiment])[]): {
  readonly comparisons: RecipeComparison[];
  readonly untestable: (readonly [ComparedExperiment, ComparedExperiment])[];
} {
  const repeated = pairs.filter(([a, b]) => Math.min(a.runs.length, b.runs.length) >= FEWEST_SEEDS);
  const results = repeated.map(([a, b]) => ({ a, b, test: welchTest(accuracies(a), accuracies(b)) }));
  const tested = results.flatMap(({ a, b, test }) => (test === null ? [] : [{ a, b, test }]));
  const adjusted = holmCorrection(tested.map(({ test }) => test.pValue));
  const comparisons = tested.map(({ a, b, test }, i): RecipeComparison => {
    const adjustedPValue = adjusted[i]!;
    return {
      kind: 'recipes',
      a: { experimentId: a.id, recipeId: a.recipeId },
      b: { experimentId: b.id, recipeId: b.recipeId },
      ...test,
      adjustedPValue,
      verdict: decideVerdict(test.difference, adjustedPValue),
    };
  });
  return { comparisons, untestable: results.filter(({ test }) => test === null).map(({ a, b }) => [a, b] as const) };
}
