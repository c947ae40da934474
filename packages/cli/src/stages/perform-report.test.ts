import {
  type ExecutionRecord,
  keys,
  MemoryStore,
  openStore,
  type Plan,
  standardPrices,
  type Store,
  writeJson,
} from '@bakeoff/core';
import { troubledSpec, writeFixture } from '@bakeoff/report/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readReportPage } from '../plans/execution-report.ts';
import { ownSurroundings, type Surroundings } from '../testing/own-surroundings.ts';
import { performReport } from './perform-report.ts';

const report = (store: Store, plan: Plan, executionId?: string) =>
  performReport(
    {},
    plan,
    { archives: {}, cacheFolder: '/nonexistent', engine: 'auto', prices: standardPrices, executionId },
    {
      store,
      log: () => undefined,
      signal: new AbortController().signal,
      clock: { nowMs: () => 0, elapsedMs: () => 0 },
    },
  );

it('states what the execution recorded about runs without a result', async () => {
  const store = new MemoryStore();
  const plan = await writeFixture(store, { ...troubledSpec(), testImages: 300, stepsPerEpoch: 50 });
  const failed = plan.runs.find(({ experiments }) => experiments.includes('failed'));
  const job = {
    JobName: 'train-x',
    StatusReason: 'Essential container in task exited',
    Attempts: [{}],
    Container: { ExitCode: 137, Reason: 'OutOfMemoryError: Container killed due to memory usage' },
  };
  await store.put(
    `${keys.executionFailures('e1')}${failed?.runId}.json`,
    new TextEncoder().encode(JSON.stringify({ Error: 'States.TaskFailed', Cause: JSON.stringify(job) })),
  );
  const pageOf = async (executionId: string): Promise<string> => {
    const { result } = await report(store, plan, executionId);
    return new TextDecoder().decode(await store.get(result['pageKey'] as string));
  };
  const reason =
    'train failed: exit code 137 (Essential container in task exited: OutOfMemoryError: Container killed due to memory usage)';
  expect(await pageOf('e1')).toContain(reason);
  expect(await pageOf(plan.planId)).not.toContain(reason);
});

async function withoutResults(filled: Store): Promise<{ plan: Plan; store: Store }> {
  const plan = await writeFixture(filled, { ...troubledSpec(), testImages: 300, stepsPerEpoch: 50 });
  const store = new MemoryStore();
  await writeJson(store, keys.plan(plan.planId), plan);
  await store.put(keys.latestReportPage(plan.name), new TextEncoder().encode('an earlier page'));
  return { plan, store };
}
const latest = async (store: Store, plan: Plan) =>
  new TextDecoder().decode(await store.get(keys.latestReportPage(plan.name)));

describe('over a store without results', () => {
  let surroundings: Surroundings;
  beforeEach(async () => {
    surroundings = await ownSurroundings();
  });
  afterEach(() => surroundings.restore());

  it('refuses, names the store that has results, and leaves the newest report', async () => {
    const { plan, store } = await withoutResults(await openStore('out/quickstart'));
    await expect(report(store, plan)).rejects.toThrow(
      /no results of .* to report in memory:\n.*none of its \d+ runs is trained there\n.*out\/quickstart \(\d+ of \d+ trained\)\n.*--out out\/quickstart/,
    );
    expect(await latest(store, plan)).toBe('an earlier page');
  });

  it('an execution has its report even so, which open finds, but it does not become the newest', async () => {
    const { plan, store } = await withoutResults(new MemoryStore());
    const record: ExecutionRecord = {
      formatVersion: 1,
      executionId: 'e1',
      planId: plan.planId,
      name: plan.name,
      source: `plans/${plan.planId}`,
      openedAt: '2026-01-01T00:00:00.000Z',
      runs: plan.runs.length,
      pendingRuns: plan.runs.length,
      seed: null,
    };
    await writeJson(store, keys.execution('e1'), record);
    const { result } = await report(store, plan, 'e1');
    expect(await latest(store, plan)).toBe('an earlier page');
    expect(await readReportPage(store, 'e1')).toEqual(await store.get(result['pageKey'] as string));
  });
});
