import type { RecipeComparison, RecipeSummary } from '@bakeoff/core';
import {
  accuracyInterval,
  accuracyOfRecipe,
  decideVerdict,
  holmCorrection,
  mean as meanValue,
  recipeDifference,
} from '@bakeoff/statistics';
import type { RunScores } from './evaluated-runs.ts';
import { type ComparedExperiment, countsOf, FEWEST_SEEDS, isRepeated } from './compared-experiment.ts';

function meanScores(runs: ComparedExperiment['runs'], split: 'test' | 'validation'): RunScores {
  const meanOf = (name: keyof RunScores): number => meanValue(runs.map(({ scores }) => scores[split][name]));
  return { accuracy: meanOf('accuracy'), balancedAccuracy: meanOf('balancedAccuracy'), macroF1: meanOf('macroF1') };
}

/** Mean and spread of an experiment with at least one evaluated run. */
export function summarizeRecipe(experiment: ComparedExperiment): RecipeSummary {
  const { id, recipeId, runs } = experiment;
  const accuracies = runs.map(({ accuracy }) => accuracy);
  const scores = { test: meanScores(runs, 'test'), validation: meanScores(runs, 'validation') };
  const known = { experimentId: id, recipeId, seeds: runs.map(({ seed }) => seed), accuracies, scores };
  if (!isRepeated(experiment))
    return { ...known, mean: accuracies[0]!, standardDeviation: null, interval: null, basis: null };
  const estimate = accuracyOfRecipe(countsOf(experiment));
  const { mean, degreesOfFreedom, components } = estimate;
  return {
    ...known,
    mean,
    // The seeds' part of the mean's variance, times the number of seeds, is the variance of their accuracies.
    standardDeviation: Math.sqrt(components.seeds * runs.length),
    interval: accuracyInterval(estimate),
    basis: { degreesOfFreedom, ...components },
  };
}

/**
 * Tests of the pairs in which both recipes have at least three evaluated seeds, Holm-corrected over these pairs: whether
 * the recipes differ over the seeds and images that might have been.
 */
export function compareRecipes(
  pairs: readonly (readonly [ComparedExperiment, ComparedExperiment])[],
): RecipeComparison[] {
  const tested = pairs
    .filter((pair) => pair.every((experiment) => isRepeated(experiment, FEWEST_SEEDS)))
    .map(([a, b]) => ({ a, b, test: recipeDifference(countsOf(a), countsOf(b)) }));
  const adjusted = holmCorrection(tested.map(({ test }) => test.pValue));
  return tested.map(({ a, b, test }, i) => ({
    kind: 'recipes',
    a: { experimentId: a.id, recipeId: a.recipeId },
    b: { experimentId: b.id, recipeId: b.recipeId },
    ...test,
    adjustedPValue: adjusted[i]!,
    verdict: decideVerdict(test, adjusted[i]!),
  }));
}
