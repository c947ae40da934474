import { keys, MemoryStore } from '@bakeoff/core';
import { expect, it } from 'vitest';
import { findFailedRuns } from './failure-logs.ts';

it('finds the logs of a failed run in the newest record about it', async () => {
  const store = new MemoryStore();
  const record = async (executionId: string, runId: string, stream: string): Promise<void> => {
    const job = {
      JobName: `train-${runId}`,
      Attempts: [{ Container: { LogStreamName: stream } }],
      Container: { LogStreamName: stream, LogConfiguration: { Options: { 'awslogs-group': 'group' } } },
    };
    const failure = { Error: 'States.TaskFailed', Cause: JSON.stringify(job) };
    await store.put(keys.executionFailure(executionId, runId), new TextEncoder().encode(JSON.stringify(failure)));
  };
  await record('old', 'abc1', 'first');
  await record('new', 'abc1', 'second');
  await record('new', 'xyz1', 'other');
  const found = await findFailedRuns(store, ['newest', 'new', 'old'], 'abc');
  expect(found.map(({ runId, logs }) => [runId, logs])).toEqual([
    ['abc1', [{ group: 'group', stream: 'second', attempt: 1 }]],
  ]);
  expect(await findFailedRuns(store, ['newest'], 'abc')).toEqual([]);
});
