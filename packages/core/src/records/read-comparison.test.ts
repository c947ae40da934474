import { expect, it } from 'vitest';
import { keys } from '../keys.ts';
import { MemoryStore } from '../memory-store.ts';
import { readComparison } from './read-comparison.ts';
import { UserError } from '../user-error.ts';

const tested = {
  difference: 0.1,
  interval: { low: 0, high: 0.2, level: 0.95 },
  pValue: 0.25,
  adjustedPValue: 0.5,
  verdict: 'noEvidence',
};

const recipe = {
  experimentId: 'a',
  recipeId: 'r',
  seeds: [1, 2],
  accuracies: [0.5, 0.6],
  mean: 0.55,
  standardDeviation: 0.07,
  interval: { low: -0.08, high: 1.18, level: 0.95 },
};

const comparison = (formatVersion: number, text: object, basis: object, more: object): string =>
  JSON.stringify({
    formatVersion,
    comparisonId: 'c',
    planId: 'p',
    evaluations: { r: 'e', s: null },
    significanceLevel: 0.05,
    sections: [
      {
        title: 'One',
        scheme: 'all',
        baseline: null,
        recipes: [{ ...recipe, ...basis }],
        checkpoints: [
          {
            kind: 'checkpoints',
            a: { experimentId: 'a', runId: 'r' },
            b: { experimentId: 'b', runId: 's' },
            images: 10,
            counts: { both: 7, onlyA: 2, onlyB: 1, neither: 0 },
            ...tested,
            ...text,
          },
        ],
        recipePairs: [
          {
            kind: 'recipes',
            a: { experimentId: 'a', recipeId: 'r' },
            b: { experimentId: 'b', recipeId: 's' },
            statistic: 1,
            degreesOfFreedom: 2,
            ...tested,
            ...text,
          },
        ],
      },
    ],
    ...more,
    warnings: ['w'],
  });

async function read(body: string): Promise<unknown> {
  const store = new MemoryStore();
  await store.put(keys.comparison('c'), new TextEncoder().encode(body));
  return readComparison(store, 'c');
}

it('reads comparisons of format versions 1 and 2 as version 3, without verdicts in words or standings', async () => {
  const converted: unknown = JSON.parse(comparison(3, {}, { basis: null }, { datasets: [] }));
  expect(await read(comparison(1, { text: 'No evidence.' }, {}, {}))).toEqual(converted);
  expect(await read(comparison(2, {}, {}, {}))).toEqual(converted);
});

it('reads a comparison of format version 3 as it is', async () => {
  const basis = { degreesOfFreedom: 1.5, seeds: 0.002, images: 0.001, interaction: 0.0005 };
  const guessing = { pValue: 0.01, adjustedPValue: 0.01, aboveChance: true };
  const standings = [{ experimentId: 'a', guessing, againstChosen: null }];
  const stored = comparison(3, {}, { basis }, { datasets: [{ datasetId: 'd', chance: 0.1, chosen: 'a', standings }] });
  expect(await read(stored)).toEqual(JSON.parse(stored));
});

it('refuses a later version, and returns undefined if there is none', async () => {
  await expect(read(comparison(4, {}, {}, {}))).rejects.toThrow(UserError);
  await expect(read(comparison(4, {}, {}, {}))).rejects.toThrow('formatVersion 1 or 2 or 3');
  expect(await readComparison(new MemoryStore(), 'c')).toBeUndefined();
});
