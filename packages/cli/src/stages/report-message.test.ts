import {
  evaluationId,
  type ExecutionMessage,
  type ExecutionRecord,
  keys,
  MemoryStore,
  type Plan,
  type RunFailure,
  type Store,
  writeJson,
} from '@bakeoff/core';
import { samplePlan, sampleEvaluationRecord } from '@bakeoff/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ReadLastLines, writeReportMessage } from './report-message.ts';

let store: Store;

const failure = (runId: string): RunFailure => ({
  runId,
  stage: 'train',
  reason: 'exit code 2 (Essential container in task exited)',
  exitCode: 2,
  attempts: 1,
  jobId: 'j',
  logStreamName: runId,
  logs: [{ group: 'g', stream: runId, attempt: 1 }],
});

async function messageOf(
  plan: Plan,
  failed: readonly string[],
  readLastLines?: ReadLastLines,
): Promise<ExecutionMessage | undefined> {
  const failures = new Map(failed.map((runId) => [runId, failure(runId)]));
  return writeReportMessage(
    { executionId: 'e1', plan, failures, page: 'reports/r/index.html', readLastLines },
    { store },
  );
}

const evaluated = (runId: string) =>
  writeJson(
    store,
    keys.evaluationRecord(evaluationId(runId)),
    sampleEvaluationRecord({ predictions: { key: 'k', bytes: 1, sha256: '' } }),
  );

beforeEach(async () => {
  store = Object.assign(new MemoryStore(), { url: 's3://bucket/some' });
  const record: ExecutionRecord = {
    formatVersion: 1,
    executionId: 'e1',
    planId: 'p',
    name: 'n',
    source: 'plans/p',
    openedAt: '2026-01-01T00:00:00.000Z',
    runs: 2,
    pendingRuns: 2,
    seed: null,
  };
  await writeJson(store, keys.execution('e1'), record);
});

describe('the message about an execution', () => {
  it('says that the report is ready, and where', async () => {
    await evaluated('a');
    const message = await messageOf(samplePlan(['a']), []);
    expect(message?.subject).toBe('Bakeoff: the report is ready: n');
    expect(message?.text).toBe(
      [
        'n: 1 of 1 run has a result.',
        '',
        'Report:  bakeoff open e1',
        '         https://console.aws.amazon.com/s3/object/bucket?prefix=some%2Freports%2Fr%2Findex.html',
        'Results: bakeoff fetch e1',
      ].join('\n'),
    );
    const stored = new TextDecoder().decode(await store.get(keys.executionMessage('e1')));
    expect(JSON.parse(stored)).toEqual(message);
  });

  it('counts failures in subject and text, with the last lines of their logs', async () => {
    await evaluated('a');
    const message = await messageOf(samplePlan(['a', 'failing', 'left']), ['failing'], async ({ stream }, count) =>
      [`${stream} wrote this`, 'error: batch size'].slice(0, count),
    );
    expect(message?.subject).toBe('Bakeoff: 1 of 3 runs failed: n');
    expect(message?.text).toContain('n: 1 of 3 runs have a result, 1 failed, 1 did not run.');
    expect(message?.text).toMatch(
      /train: exit code 2[^]*\n {4}failing wrote this\n {4}error: batch size\n {4}bakeoff logs/,
    );
    expect(message?.text).toContain('bakeoff retry e1');
  });

  it('has another subject if all runs failed', async () => {
    expect((await messageOf(samplePlan(['a', 'b']), ['a', 'b']))?.subject).toBe('Bakeoff: all 2 runs failed: n');
    expect((await messageOf(samplePlan(['a']), ['a']))?.subject).toBe('Bakeoff: its run failed: n');
  });

  it('fits into a mail, however much failed', async () => {
    const runs = Array.from({ length: 40 }, (_, i) => `run${i}`);
    const plan = { ...samplePlan(runs), name: `${'ü'.repeat(3)}${'x'.repeat(200)}` };
    const message = await messageOf(plan, runs, async (_, count) => Array<string>(count).fill('ü'.repeat(500)));
    expect(message?.subject).toMatch(/^[\x20-\x7e]{100}$/);
    expect(new TextEncoder().encode(message?.text).length).toBeLessThanOrEqual(8 * 1024);
    expect(message?.text.match(/train: exit code 2/g)?.length).toBeLessThanOrEqual(10);
  });

  it('is written for executions alone', async () => {
    expect(
      await writeReportMessage(
        { executionId: 'p', plan: samplePlan(['a']), failures: new Map(), page: 'x' },
        { store },
      ),
    ).toBeUndefined();
  });
});
