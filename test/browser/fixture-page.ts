import { MemoryStore } from '@bakeoff/core';
import type { Plan, StageContext, Store } from '@bakeoff/core';
import { buildReport } from '@bakeoff/report';
import { type FixtureSpec, writeFixture } from '@bakeoff/report/fixtures';

const stageContext = (store: Store): StageContext => ({ store, log: () => {}, signal: new AbortController().signal, clock: { nowMs: () => 0, elapsedMs: () => 0 } });

/** Builds the report of a fixture in memory: the page and the store with the records it was made from. */
export async function fixturePage(spec: FixtureSpec): Promise<{ html: string; store: Store; plan: Plan; reportId: string }> {
  const store = new MemoryStore();
  const plan = await writeFixture(store, spec);
  const { pageKey, reportId } = await buildReport({ plan }, stageContext(store));
  return { html: new TextDecoder().decode((await store.get(pageKey))), store, plan, reportId };
}
