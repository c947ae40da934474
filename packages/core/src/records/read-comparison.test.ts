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

const comparison = (formatVersion: number, text: object): string =>
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
        recipes: [],
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
    warnings: ['w'],
  });

async function read(body: string): Promise<unknown> {
  const store = new MemoryStore();
  await store.put(keys.comparison('c'), new TextEncoder().encode(body));
  return readComparison(store, 'c');
}

it('reads a comparison of format version 1 as version 2, without verdicts in words', async () => {
  expect(await read(comparison(1, { text: 'No evidence.' }))).toEqual(JSON.parse(comparison(2, {})));
  expect(await read(comparison(2, {}))).toEqual(JSON.parse(comparison(2, {})));
});

it('refuses a later version, and returns undefined if there is none', async () => {
  await expect(read(comparison(3, {}))).rejects.toThrow(UserError);
  await expect(read(comparison(3, {}))).rejects.toThrow('formatVersion 1 or 2');
  expect(await readComparison(new MemoryStore(), 'c')).toBeUndefined();
});
