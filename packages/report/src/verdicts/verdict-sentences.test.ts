import type { CheckpointComparison, RecipeComparison, SectionComparison } from '@bakeoff/core';
import {
  accuracyInterval,
  accuracyOfRecipe,
  correctCounts,
  decideVerdict,
  holmCorrection,
  mcnemarExact,
  packBits,
  type PairedCounts,
  recipeDifference,
  tangoInterval,
} from '@bakeoff/statistics';
import { expect, it } from 'vitest';
import { tellVerdicts } from './verdict-sentences.ts';

/**
 * Names of the two runs, and how many of 200 images both, only one and neither classify correctly. Run `a-1` is
 * experiment a with seed 1.
 */
type Pair = readonly [a: string, b: string, counts: PairedCounts];

function checkpoints(pairs: readonly Pair[]): CheckpointComparison[] {
  const tests = pairs.map(([, , { onlyA, onlyB }]) => mcnemarExact(onlyA, onlyB));
  const adjusted = holmCorrection(tests);
  return pairs.map(([a, b, counts], i) => {
    const tested = {
      difference: (counts.onlyA - counts.onlyB) / 200,
      interval: tangoInterval(counts.onlyA, counts.onlyB, 200),
      pValue: tests[i]!,
    };
    return {
      kind: 'checkpoints',
      a: { experimentId: a.split('-')[0]!, runId: a },
      b: { experimentId: b.split('-')[0]!, runId: b },
      images: 200,
      counts,
      ...tested,
      adjustedPValue: adjusted[i]!,
      verdict: decideVerdict(tested, adjusted[i]!),
    };
  });
}

const section = (parts: Partial<SectionComparison>): SectionComparison => ({
  title: 'Section',
  scheme: 'all',
  baseline: null,
  recipes: [],
  checkpoints: [],
  recipePairs: [],
  ...parts,
});

function tell(parts: Partial<SectionComparison>): ReturnType<typeof tellVerdicts>[number] {
  const record = {
    formatVersion: 3,
    comparisonId: 'made-up',
    planId: 'made-up',
    evaluations: {},
    significanceLevel: 0.05,
    sections: [section(parts)],
    datasets: [],
    warnings: [],
  } as const;
  return tellVerdicts(record, (runId) => Number(runId.split('-')[1]))[0]!;
}

/** The first `a` and `b` of 200 images are right. */
const nested = (a: number, b: number): PairedCounts => ({
  both: Math.min(a, b),
  onlyA: Math.max(0, a - b),
  onlyB: Math.max(0, b - a),
  neither: 200 - Math.max(a, b),
});

it('says that there is no evidence of a difference between two checkpoints, with every number', () => {
  const [pair] = tell({
    checkpoints: checkpoints([['a-1', 'b-1', { both: 144, onlyA: 6, onlyB: 1, neither: 49 }]]),
  }).checkpoints;
  expect(pair?.text).toBe(
    'Checkpoints, seed 1: no evidence of a difference at n = 200 between a (75.00 %) and b (72.50 %); difference +2.50 points, 95 % interval of this pair alone ' +
      '−0.13 to +5.96; exact McNemar test p = 0.13. This speaks of these two trained networks, not of their recipes.',
  );
});

it('says which checkpoint is better, and over how many pairs p was corrected', () => {
  const right = { a: 150, b: 144, c: 100, d: 149 };
  const names = Object.entries(right);
  const pairs = names.flatMap(([a, rightA], i) =>
    names.slice(i + 1).map(([b, rightB]): Pair => [`${a}-1`, `${b}-1`, nested(rightA, rightB)]),
  );
  const told = tell({ checkpoints: checkpoints(pairs) }).checkpoints;
  expect(told[1]?.text).toContain('a (75.00 %) is better than c (50.00 %)');
  expect(told[1]?.text).toContain("after Holm's correction over 6 pairs p < 0.0001");
});

it('names both seeds where they differ', () => {
  const [pair] = tell({ checkpoints: checkpoints([['a-2', 'c-8', nested(5, 9)]]) }).checkpoints;
  expect(pair?.text).toContain('Checkpoints, seeds 2 and 8');
});

it('calls a pair suggestive that would be told apart alone, and says over how many pairs p was corrected', () => {
  // Alone p = 2/2⁶ = 0.031.
  const six: Pair = ['a-1', 'b-1', { both: 144, onlyA: 6, onlyB: 0, neither: 50 }];
  const many = Array.from({ length: 9 }, (_, i): Pair => [`c${i}-1`, `d${i}-1`, nested(100, 101)]);
  const told = tell({ checkpoints: checkpoints([six, ...many]) }).checkpoints[0];
  expect(told?.verdict).toBe('suggestive');
  expect(told?.text).toContain(
    'a suggestive difference at n = 200 between a (75.00 %) and b (72.00 %), but not after correction for 10 pairs;',
  );
  // Tango's interval excludes 0, and the exact test does not.
  const eight = tell({ checkpoints: checkpoints([['a-1', 'b-1', { both: 100, onlyA: 7, onlyB: 1, neither: 92 }]]) });
  expect(eight.checkpoints[0]?.text).toContain('but not by the exact test; difference +3.00 points');
});

it('says which recipe is better over its seeds and images', () => {
  const right = { steady: [150, 152, 151], weak: [120, 125, 118, 121] };
  const counts = Object.values(right).map((list) =>
    correctCounts(
      list.map((correct) => packBits(Array.from({ length: 200 }, (_, i) => i < correct))),
      200,
    ),
  );
  const test = recipeDifference(counts[0]!, counts[1]!);
  const recipePair: RecipeComparison = {
    kind: 'recipes',
    a: { experimentId: 'steady', recipeId: 'steady' },
    b: { experimentId: 'weak', recipeId: 'weak' },
    ...test,
    adjustedPValue: test.pValue,
    verdict: decideVerdict(test, test.pValue),
  };
  const recipes = Object.entries(right).map(([experimentId, list], i) => {
    const estimate = accuracyOfRecipe(counts[i]!);
    return {
      experimentId,
      recipeId: experimentId,
      seeds: list.map((_, seed) => seed + 1),
      accuracies: list.map((correct) => correct / 200),
      mean: estimate.mean,
      standardDeviation: 0.01,
      interval: accuracyInterval(estimate),
      basis: { degreesOfFreedom: estimate.degreesOfFreedom, ...estimate.components },
    };
  });
  const told = tell({
    recipes,
    checkpoints: checkpoints([['steady-1', 'weak-1', nested(150, 120)]]),
    recipePairs: [recipePair],
  }).recipePairs;
  expect(told[0]?.text).toMatch(
    /^Recipes: steady \(mean 75\.50 % of 3 seeds\) is better than weak \(mean 60\.50 % of 4 seeds\) at n = 200;.*t test over seeds and images p < 0\.0001\. This speaks of the recipes, over other seeds and images\.$/,
  );
});
