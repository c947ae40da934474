import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keys, MemoryStore, planSchema, readJson } from '@bakeoff/core';
import type { Plan, StageContext } from '@bakeoff/core';
import { sources } from '@bakeoff/data-prep/sources';
import { comparePlan } from '@bakeoff/evaluator/compare';
import { modelName } from '@bakeoff/model/architectures';
import { buildReport } from '@bakeoff/report';
import { type FixtureSpec, writeFixture } from '@bakeoff/report/testing';
import { repository } from './bakeoff.ts';

/** Folders with records of finished studies: of `docs/sample`, and of `experiments/quickstart.yaml`. */
const RECORDS = {
  sample: 'docs/sample/records',
  quickstart: 'test/support/data/quickstart',
} as const;

/** The page of a finished study, from its records, with a comparison made anew. */
export async function recordedPage(name: keyof typeof RECORDS): Promise<string> {
  const folder = join(repository, RECORDS[name]);
  const store = new MemoryStore();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) await store.put(path.slice(folder.length + 1), await readFile(path));
  }
  const [planId] = await readdir(join(folder, 'plans'));
  return comparedPage(store, (await readJson(store, keys.plan(planId!), planSchema))!);
}

/** The page of a fixture, with the comparison that its evaluations call for instead of the fixture's own. */
export async function fixtureComparedPage(spec: FixtureSpec): Promise<string> {
  const store = new MemoryStore();
  const plan = await writeFixture(store, spec);
  for await (const { key } of store.list('comparisons/')) await store.delete(key);
  return comparedPage(store, plan);
}

async function comparedPage(store: MemoryStore, plan: Plan): Promise<string> {
  const context: StageContext = {
    store,
    log: () => {},
    signal: new AbortController().signal,
    clock: { nowMs: () => 0, elapsedMs: () => 0 },
  };
  await comparePlan({ plan, sources }, context);
  const { pageKey } = await buildReport({ plan, sources, modelName }, context);
  return new TextDecoder().decode(await store.get(pageKey));
}
