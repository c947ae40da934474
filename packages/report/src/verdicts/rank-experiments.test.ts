import type { DatasetComparison } from '@bakeoff/core';
import { decideVerdict } from '@bakeoff/statistics';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../data/facts.ts';
import type { Ranking } from '../data/report-data.ts';
import { summaryOf } from '../data/summary.ts';
import { rankExperiments } from './rank-experiments.ts';

interface MadeUp {
  readonly title: string;
  readonly recipe?: string;
  readonly validation: number | null;
  readonly test?: number;
  readonly seeds?: number;
  readonly macs?: number;
  /** Against the chosen one: half the width of the interval in points, and the p-values alone and adjusted. */
  readonly against?: readonly [half: number, alone: number, adjusted: number];
  readonly aboveChance?: boolean;
  readonly dataset?: number;
}

function standing(experiment: MadeUp, chosen: MadeUp): DatasetComparison['standings'][number] {
  const { title, test = 0.5, seeds = 3, against, aboveChance = true } = experiment;
  const guessing = { pValue: aboveChance ? 0 : 0.5, adjustedPValue: aboveChance ? 0 : 1, aboveChance };
  if (against === undefined) return { experimentId: title, guessing, againstChosen: null };
  const [half, pValue, adjustedPValue] = against;
  const difference = test - (chosen.test ?? 0.5);
  const interval = { low: difference - half / 100, high: difference + half / 100, level: 0.95 };
  const kind = seeds > 2 ? ('recipes' as const) : ('checkpoints' as const);
  const verdict = decideVerdict({ difference, interval, pValue }, adjustedPValue);
  return {
    experimentId: title,
    guessing,
    againstChosen: { kind, difference, interval, pValue, adjustedPValue, verdict },
  };
}

/** The first one with results is the chosen one. */
function rank(experiments: readonly MadeUp[], chance = 0.1): { readonly ranking: Ranking; readonly summary: string } {
  const runs: unknown[] = [];
  const planned = experiments.map((each) => {
    const { title, recipe = title, validation, test = 0.5, seeds = 3, macs = 1e6, dataset = 0 } = each;
    const first = experiments.findIndex((other) => (other.recipe ?? other.title) === recipe);
    const interval = { low: test - 0.01, high: test + 0.01, level: 0.95 };
    const own = Array.from({ length: seeds }, (_, i) => {
      const evaluation = validation === null ? null : { test: { accuracy: test, accuracyInterval: interval } };
      return experiments[first] === each
        ? runs.push({ runId: `run${runs.length}`, macs, parameters: 10, seed: i, evaluation, status: 'finished' }) - 1
        : i;
    });
    const spread = { count: seeds, mean: test, standardDeviation: seeds > 1 ? 0.01 : null };
    return {
      id: title,
      title,
      group: title,
      sweepValues: {},
      recipeId: recipe,
      dataset,
      runs: own,
      test: validation === null ? null : { ...spread, interval: seeds > 1 ? interval : null },
      validation: validation === null ? null : { ...spread, mean: validation, interval: null },
    };
  });
  const facts = {
    datasets: [
      { datasetId: 'd0', classes: Array.from({ length: 10 }) },
      { datasetId: 'd1', classes: Array.from({ length: 10 }) },
    ],
    experiments: planned,
    runs,
    sections: [],
    comparisonId: 'c',
  } as unknown as Facts;
  const compared = experiments.filter(
    ({ validation, recipe, title, dataset }) =>
      validation !== null && (recipe ?? title) === title && (dataset ?? 0) === 0,
  );
  const datasets: DatasetComparison[] =
    compared.length === 0
      ? []
      : [
          {
            datasetId: 'd0',
            chance,
            chosen: compared[0]!.title,
            standings: compared.map((each) => standing(each, compared[0]!)),
          },
        ];
  const rankings = rankExperiments(facts, datasets);
  return { ranking: rankings[0]!, summary: summaryOf(facts, rankings).join('\n') };
}

const BEST: MadeUp = { title: 'X', validation: 0.9, test: 0.9, macs: 80e6 };
const TIE = { validation: 0.89, test: 0.895, against: [1, 0.3, 0.6] } as const;
const WORSE = { validation: 0.7, test: 0.7, against: [2, 1e-6, 1e-6] } as const;

describe('the verdict line', () => {
  it('names the best, what ties at what cost, and on what evidence', () => {
    const { ranking, summary } = rank([BEST, { title: 'Y', ...TIE, macs: 10e6 }, { title: 'Z', ...WORSE }]);
    expect(ranking.verdict).toBe('X is best; Y ties at an eighth of the cost in MACs; shown over 3 seeds.');
    expect(ranking.rows.map((row) => row.standing)).toEqual(['chosen', 'tied', 'worse']);
    // The practical sentence first, with how much worse it may be.
    expect(summary.split('\n')[0]).toMatch(
      /^Y needs 10\.0.M .* not shown to be worse than X: −0\.50 points, 95.% interval −1\.50 to \+0\.50\.$/,
    );
  });

  it('calls no winner among ties', () => {
    const { ranking, summary } = rank([BEST, { title: 'Y', ...TIE, macs: 80e6 }, { title: 'Z', ...TIE, macs: 80e6 }]);
    expect(ranking.verdict).toBe('X, Y and Z tie; shown over 3 seeds.');
    expect(summary).not.toMatch(/best|one to choose/);
  });

  it('calls no winner where nothing beats guessing', () => {
    const chance = { test: 0.1, validation: 0.1, aboveChance: false } as const;
    const { ranking, summary } = rank([
      { title: 'A', ...chance },
      { title: 'B', ...chance, against: [3, 0.4, 0.8] },
      { title: 'C', ...chance, against: [3, 0.6, 0.8] },
    ]);
    expect(ranking.verdict).toBe('Nothing is shown to beat guessing (10\u00A0%); A, B and C tie; shown over 3 seeds.');
    expect(summary.split('\n')[0]).toBe(
      'Nothing here is ready for use: nothing is shown to beat guessing (10\u00A0%).',
    );
    expect(summary).not.toMatch(/best|one to choose/);
  });

  it('takes experiments that share their runs for one recipe under several names', () => {
    const same = { recipe: 'no', validation: 0.1, test: 0.1, seeds: 1, aboveChance: false } as const;
    const { ranking } = rank([
      { title: 'no', ...same },
      { title: 'on', ...same },
      { title: 'y', ...same },
    ]);
    expect(ranking.rows.map(({ experiment, aliases }) => [experiment, aliases])).toEqual([[0, [1, 2]]]);
    expect(ranking.verdict).toBe(
      'no, on and y are one recipe under 3 names, so there is nothing to choose: 10.00\u00A0% of the test images [9.00, 11.00], one training; nothing is shown to beat guessing (10\u00A0%).',
    );
  });

  it('says where single trainings were compared, and that another seed may say otherwise', () => {
    const { ranking } = rank([
      { ...BEST, seeds: 1 },
      { title: 'Z', ...WORSE, seeds: 1 },
    ]);
    expect(ranking.verdict).toBe('X is best; shown on one training each, so another seed may say otherwise.');
    expect(ranking.rows[0]!.intervalOf).toBe('training');
  });

  it('does not call best what the test images show to be behind', () => {
    const { ranking } = rank([
      { ...BEST, test: 0.8 },
      { title: 'Y', validation: 0.85, test: 0.9, against: [2, 1e-6, 1e-6] },
    ]);
    expect(ranking.verdict).toBe('X is chosen by validation, but Y did better on the test images; shown over 3 seeds.');
  });

  it('says that there are no results yet', () => {
    expect(rank([{ title: 'X', validation: null }]).ranking.verdict).toBe(
      'None of the 3 planned trainings has a result yet.',
    );
  });
});

it('ranks by validation, the cheaper first of equal ones, and those without results last', () => {
  const { ranking } = rank([
    { title: 'none', validation: null },
    { title: 'dear', validation: 0.8, macs: 9e6, against: [1, 1, 1] },
    { title: 'cheap', validation: 0.8, macs: 1e6 },
    { title: 'high on test', validation: 0.7, test: 0.99, against: [2, 1e-6, 1e-6] },
  ]);
  expect(ranking.rows.map(({ experiment }) => experiment)).toEqual([2, 1, 3, 0]);
});

it('calls a tie suggestive that only the correction hides', () => {
  const { ranking } = rank([
    BEST,
    { title: 'Y', validation: 0.8, test: 0.88, against: [1.9, 0.04, 0.4] },
    { title: 'Z', ...WORSE },
  ]);
  expect(ranking.rows[1]).toMatchObject({ standing: 'tied' });
  expect(ranking.rows[1]!.sentence.replaceAll('\u00A0', ' ')).toBe(
    'Not shown to differ from X: −2.00 points are suggestive (p = 0.04 alone, p = 0.4 after correction for 2 comparisons).',
  );
});

it('ranks each data set by itself, the one with the most results first', () => {
  const { ranking } = rank([{ title: 'elsewhere', validation: 0.99, dataset: 1 }, BEST, { title: 'Y', ...TIE }]);
  expect(ranking.dataset).toBe(0);
  expect(ranking.rows).toHaveLength(2);
});
