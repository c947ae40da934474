import { describe, expect, it } from 'vitest';
import { keys } from '../keys.ts';
import { MemoryStore } from '../memory-store.ts';
import { readRunFailures, type RunFailure } from './run-failures.ts';

async function failureOf(recorded: string): Promise<RunFailure | undefined> {
  const store = new MemoryStore();
  await store.put(`${keys.executionFailures('e')}0123456789abcdef.json`, new TextEncoder().encode(recorded));
  return (await readRunFailures(store, 'e')).get('0123456789abcdef');
}

describe('readRunFailures', () => {
  it('reads the job’s description that Step Functions gives as the cause', async () => {
    const job = {
      JobId: 'j',
      JobName: 'train-0123456789abcdef',
      Status: 'FAILED',
      StatusReason: 'Essential container in task exited',
      Attempts: [
        { Container: { LogStreamName: 'train/default/0' } },
        { Container: { LogStreamName: 'train/default/1' } },
      ],
      Container: {
        ExitCode: 2,
        LogStreamName: 'train/default/1',
        LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': 'g' } },
      },
    };
    expect(await failureOf(JSON.stringify({ Error: 'States.TaskFailed', Cause: JSON.stringify(job) }))).toEqual({
      runId: '0123456789abcdef',
      stage: 'train',
      reason: 'exit code 2 (Essential container in task exited)',
      exitCode: 2,
      attempts: 2,
      jobId: 'j',
      logStreamName: 'train/default/1',
      logs: [
        { group: 'g', stream: 'train/default/0', attempt: 1 },
        { group: 'g', stream: 'train/default/1', attempt: 2 },
      ],
    });
  });

  it('names the cause of a job that never started', async () => {
    const job = {
      JobName: 'train-x',
      StatusReason: 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
      Attempts: [],
      Container: {},
    };
    expect(await failureOf(JSON.stringify({ Error: 'States.TaskFailed', Cause: JSON.stringify(job) }))).toMatchObject({
      reason: 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
      exitCode: null,
      attempts: 0,
    });
  });

  it('shows any other text as the reason', async () => {
    expect(
      await failureOf(JSON.stringify({ Error: 'Batch.AccessDeniedException', Cause: 'not authorized' })),
    ).toMatchObject({ stage: null, reason: 'Batch.AccessDeniedException: not authorized' });
    expect(await failureOf('no JSON')).toMatchObject({ reason: 'no JSON' });
  });

  it('finds none if nothing failed', async () => {
    expect(await readRunFailures(new MemoryStore(), 'e')).toEqual(new Map());
  });
});
