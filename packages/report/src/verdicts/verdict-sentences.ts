import type { CheckpointComparison, ComparisonRecord, RecipeComparison, SectionComparison } from '@bakeoff/core';
import { SIGNIFICANCE_LEVEL } from '@bakeoff/statistics';
import { count, percent, points, pValue, withPlainSpaces } from '@bakeoff/statistics/formats';

/** A comparison of a pair with its verdict in words. */
export type Told<Pair> = Pair & { readonly text: string };

export type ToldSection = Omit<SectionComparison, 'checkpoints' | 'recipePairs'> & {
  readonly checkpoints: readonly Told<CheckpointComparison>[];
  readonly recipePairs: readonly Told<RecipeComparison>[];
};

/** The sections of a comparison with every verdict in words. `seedOf`: the seed of a run by its id. */
export function tellVerdicts({ sections }: ComparisonRecord, seedOf: (runId: string) => number): ToldSection[] {
  return sections.map((section) => ({
    ...section,
    checkpoints: section.checkpoints.map((pair) => told(pair, checkpointSentence(pair, section, seedOf))),
    recipePairs: section.recipePairs.map((pair) => told(pair, recipeSentence(pair, section))),
  }));
}

/** In the order of the members in records. */
function told<Pair extends CheckpointComparison | RecipeComparison>(
  { verdict, ...pair }: Pair,
  text: string,
): Told<Pair> {
  return { ...pair, text, verdict } as unknown as Told<Pair>;
}

function checkpointSentence(
  pair: CheckpointComparison,
  { checkpoints }: SectionComparison,
  seedOf: (runId: string) => number,
): string {
  const { a, b, images, counts } = pair;
  const [seedA, seedB] = [seedOf(a.runId), seedOf(b.runId)];
  const seeds = seedA === seedB ? `seed ${seedA}` : `seeds ${seedA} and ${seedB}`;
  const nameA = `${a.experimentId} (${percent((counts.both + counts.onlyA) / images)})`;
  const nameB = `${b.experimentId} (${percent((counts.both + counts.onlyB) / images)})`;
  return withPlainSpaces(
    `Checkpoints, ${seeds}: ${claim(pair, checkpoints.length, nameA, nameB, images)}; ` +
      `${evidence(pair, 'exact McNemar test', checkpoints.length)}. ` +
      'This speaks of these two trained networks, not of their recipes.',
  );
}

function recipeSentence(pair: RecipeComparison, { recipes, recipePairs, checkpoints }: SectionComparison): string {
  const [nameA, nameB] = [pair.a, pair.b].map(({ experimentId }) => {
    const recipe = recipes.find((summary) => summary.experimentId === experimentId);
    return `${experimentId} (mean ${percent(recipe?.mean ?? Number.NaN)} of ${recipe?.seeds.length ?? 0} seeds)`;
  }) as [string, string];
  const { images } = checkpoints.find(
    ({ a, b }) => a.experimentId === pair.a.experimentId && b.experimentId === pair.b.experimentId,
  ) ?? { images: 0 };
  return withPlainSpaces(
    `Recipes: ${claim(pair, recipePairs.length, nameA, nameB, images)}; ${evidence(pair, 't test over seeds and images', recipePairs.length)}. This speaks of the recipes, over other seeds and images.`,
  );
}

function claim(
  { verdict, pValue: p }: Pick<RecipeComparison, 'verdict' | 'pValue'>,
  pairs: number,
  nameA: string,
  nameB: string,
  images: number,
): string {
  const where = `at n = ${count(images)}`;
  if (verdict === 'noEvidence') return `no evidence of a difference ${where} between ${nameA} and ${nameB}`;
  if (verdict !== 'suggestive') return `${nameA} is ${verdict} than ${nameB} ${where}`;
  const but = p < SIGNIFICANCE_LEVEL ? `not after correction for ${count(pairs)} pairs` : 'not by the exact test';
  return `a suggestive difference ${where} between ${nameA} and ${nameB}, but ${but}`;
}

function evidence(
  {
    difference,
    interval,
    pValue: p,
    adjustedPValue,
  }: Pick<RecipeComparison, 'difference' | 'interval' | 'pValue' | 'adjustedPValue'>,
  test: string,
  pairs: number,
): string {
  const corrected = pairs === 1 ? '' : `, after Holm's correction over ${count(pairs)} pairs ${pValue(adjustedPValue)}`;
  return `difference ${points(difference)} points, 95 % interval of this pair alone ${points(interval.low)} to ${points(interval.high)}; ${test} ${pValue(p)}${corrected}`;
}
