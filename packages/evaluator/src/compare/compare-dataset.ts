import { byValidation, type DatasetComparison } from '@bakeoff/core';
import {
  type AccuracyEstimate,
  accuracyOfRecipe,
  accuracyOfTraining,
  accuracyPValue,
  decideVerdict,
  holmCorrection,
  recipeDifference,
  SIGNIFICANCE_LEVEL,
} from '@bakeoff/statistics';
import { testCheckpoints } from './compare-checkpoints.ts';
import {
  candidateOf,
  type ComparedExperiment,
  countsOf,
  distinctRecipes,
  FEWEST_SEEDS,
  isRepeated,
} from './compared-experiment.ts';

type Standing = DatasetComparison['standings'][number];
type AgainstChosen = NonNullable<Standing['againstChosen']>;

/** The highest mean validation accuracy; of equal ones the one with the fewest MACs, then the first. */
function choose(experiments: readonly ComparedExperiment[]): ComparedExperiment {
  return [...experiments].sort((a, b) => byValidation(candidateOf(a), candidateOf(b)))[0]!;
}

function estimate(experiment: ComparedExperiment): AccuracyEstimate {
  if (isRepeated(experiment)) return accuracyOfRecipe(countsOf(experiment));
  const { images, byTraining } = countsOf(experiment);
  return accuracyOfTraining(byTraining[0]!, images);
}

/** P-values of the hypotheses that the accuracies are that of guessing, Holm-adjusted. */
function againstGuessing(experiments: readonly ComparedExperiment[], chance: number): Standing['guessing'][] {
  // With one class alone, guessing is always right, and nothing is better.
  const estimates = experiments.map(estimate);
  const pValues = estimates.map((each) => (chance < 1 ? accuracyPValue(each, chance) : 1));
  const adjusted = holmCorrection(pValues);
  return estimates.map((each, i) => ({
    pValue: pValues[i]!,
    adjustedPValue: adjusted[i]!,
    aboveChance: each.mean > chance && adjusted[i]! < SIGNIFICANCE_LEVEL,
  }));
}

/** Over seeds and images if both have enough seeds, otherwise between two trained models. */
function testPair(a: ComparedExperiment, b: ComparedExperiment): Omit<AgainstChosen, 'adjustedPValue' | 'verdict'> {
  const repeated = [a, b].every((experiment) => isRepeated(experiment, FEWEST_SEEDS));
  const { difference, interval, pValue } = repeated
    ? recipeDifference(countsOf(a), countsOf(b))
    : testCheckpoints(a, b);
  return { kind: repeated ? 'recipes' : 'checkpoints', difference, interval, pValue };
}

function againstChosen(others: readonly ComparedExperiment[], chosen: ComparedExperiment): AgainstChosen[] {
  const tests = others.map((other) => testPair(other, chosen));
  const adjusted = holmCorrection(tests.map(({ pValue }) => pValue));
  return tests.map((test, i) => ({
    ...test,
    adjustedPValue: adjusted[i]!,
    verdict: decideVerdict(test, adjusted[i]!),
  }));
}

/**
 * Compares the evaluated recipes of one data set, in whatever sections they are: validation chooses one, and each of the
 * others is tested against that one only, so m recipes make m − 1 comparisons. Comparing all pairs would find fewer
 * differences, and would answer a question that choosing does not ask.
 */
export function compareDataset(datasetId: string, experiments: readonly ComparedExperiment[]): DatasetComparison {
  const { distinct } = distinctRecipes(experiments, null);
  const chosen = choose(distinct);
  const others = distinct.filter((experiment) => experiment !== chosen);
  const tests = againstChosen(others, chosen);
  const { chance } = chosen.runs[0]!;
  const guessing = againstGuessing(distinct, chance);
  return {
    datasetId,
    chance,
    chosen: chosen.id,
    standings: distinct.map((experiment, i) => ({
      experimentId: experiment.id,
      guessing: guessing[i]!,
      againstChosen: tests[others.indexOf(experiment)] ?? null,
    })),
  };
}
