import { keys, MemoryStore, standardPrices } from '@bakeoff/core';
import { troubledSpec, writeFixture } from '@bakeoff/report/testing';
import { expect, it } from 'vitest';
import { performReport } from './perform-report.ts';

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
    const context = {
      store,
      log: () => undefined,
      signal: new AbortController().signal,
      clock: { nowMs: () => 0, elapsedMs: () => 0 },
    };
    const { result } = await performReport(
      {},
      plan,
      { archives: {}, cacheFolder: '/nonexistent', engine: 'auto', prices: standardPrices, executionId },
      context,
    );
    return new TextDecoder().decode(await store.get(result['pageKey'] as string));
  };
  const reason =
    'train failed: exit code 137 (Essential container in task exited: OutOfMemoryError: Container killed due to memory usage)';
  expect(await pageOf('e1')).toContain(reason);
  expect(await pageOf(plan.planId)).not.toContain(reason);
});
