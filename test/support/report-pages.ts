import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keys, MemoryStore, planSchema, readJson } from '@bakeoff/core';
import type { StageContext } from '@bakeoff/core';
import { sources } from '@bakeoff/data-prep/sources';
import { comparePlan } from '@bakeoff/evaluator/compare';
import { buildReport } from '@bakeoff/report';
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
  const plan = (await readJson(store, keys.plan(planId!), planSchema))!;
  const context: StageContext = {
    store,
    log: () => {},
    signal: new AbortController().signal,
    clock: { nowMs: () => 0, elapsedMs: () => 0 },
  };
  await comparePlan({ plan }, context);
  const { pageKey } = await buildReport({ plan, sources }, context);
  return new TextDecoder().decode(await store.get(pageKey));
}
