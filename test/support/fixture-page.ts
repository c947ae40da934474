import { MemoryStore } from '@bakeoff/core';
import type { Plan, PlannedRun, RunFailure, StageContext, Store } from '@bakeoff/core';
import { buildReport } from '@bakeoff/report';
import { type FixtureSpec, writeFixture } from '@bakeoff/report/testing';

const stageContext = (store: Store): StageContext => ({
  store,
  log: () => {},
  signal: new AbortController().signal,
  clock: { nowMs: () => 0, elapsedMs: () => 0 },
});

/**
 * Builds the report of a fixture in memory: the page and the store with the records it was made from. `failureOf` says
 * why a run has no result.
 */
export async function fixturePage(
  spec: FixtureSpec,
  failureOf: (run: PlannedRun) => RunFailure | undefined = () => undefined,
): Promise<{ html: string; store: Store; plan: Plan; reportId: string }> {
  const store = new MemoryStore();
  const plan = await writeFixture(store, spec);
  const failures = new Map<string, RunFailure>();
  for (const run of plan.runs) {
    const failure = failureOf(run);
    if (failure !== undefined) failures.set(run.runId, failure);
  }
  const { pageKey, reportId } = await buildReport({ plan }, stageContext(store), { failures });
  return { html: new TextDecoder().decode(await store.get(pageKey)), store, plan, reportId };
}
