import { expect, it } from 'vitest';
import { keys } from './keys.ts';
import { MemoryStore } from './memory-store.ts';
import { readComparison } from './read-comparison.ts';
import { UserError } from './user-error.ts';

const comparison = (formatVersion: number, text: object): string =>
  JSON.stringify({
    formatVersion,
    comparisonId: 'c',
    sections: [
      {
        title: 'One',
        checkpoints: [{ kind: 'checkpoints', pValue: 0.25, ...text }],
        recipePairs: [{ kind: 'recipes', pValue: 0.5, ...text }],
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
