import {
  evaluationId,
  type ExecutionRecord,
  findPlan,
  keys,
  MemoryStore,
  PLAIN_EVALUATION,
  readRunFailures,
  sha256,
  UserError,
  writeJson,
} from '@bakeoff/core';
import { sampleEvaluationRecord, samplePlan, sampleRunRecord } from '@bakeoff/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { copyResults } from './copy-results.ts';

const plan = samplePlan(['done', 'missing']);
const execution = { plan, executionId: 'e' };
const executionRecord: ExecutionRecord = {
  formatVersion: 1,
  executionId: 'e',
  planId: 'p',
  name: 'n',
  source: 'plans/p',
  openedAt: '2026-01-01T00:00:00.000Z',
  runs: 2,
  pendingRuns: 2,
  seed: null,
};
const reportOf = (planId: string) => ({ formatVersion: 1, planId, comparisonId: null });
let from: MemoryStore;

async function file(key: string): Promise<{ key: string; bytes: number; sha256: string }> {
  const body = new TextEncoder().encode(`content of ${key}`);
  await from.put(key, body);
  return { key, bytes: body.length, sha256: sha256(body) };
}

const failure = (cause: string): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ Error: 'States.TaskFailed', Cause: cause }));

async function keysOf(store: MemoryStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list('')) found.push(key);
  return found;
}

beforeEach(async () => {
  from = new MemoryStore();
  await writeJson(from, keys.plan('p'), plan);
  await writeJson(from, keys.runConfig('done'), { formatVersion: 1 });
  await writeJson(from, keys.runMeasurement('done', 'a1'), { formatVersion: 1 });
  const model = await file('runs/done/model/m');
  const history = await file('runs/done/history/h');
  await writeJson(from, keys.runRecord('done'), sampleRunRecord({ model, history }));
  const predictions = await file('evaluations/x/predictions');
  await writeJson(from, keys.evaluationRecord(evaluationId('done')), sampleEvaluationRecord({ predictions }));
  await from.put(keys.latestReportPage('n'), new TextEncoder().encode('<html>'));
  await writeJson(from, keys.latestReportRecord('n'), reportOf('p'));
  await writeJson(from, keys.execution('e'), executionRecord);
  await from.put(`${keys.executionFailures('e')}missing.json`, failure('exit code 2'));
  await from.put(keys.executionPending('e'), new TextEncoder().encode('[]'));
  await from.put(`${keys.executionFailures('earlier')}missing.json`, failure('exit code 1'));
  await from.put(keys.checkpoint('done', 'a1', 5), new Uint8Array(10));
  await from.put(keys.datasetIndex('d'), new Uint8Array(10));
});

describe('copyResults', () => {
  it('copies every evaluation of a training', async () => {
    const flip = { flip: true, translate: 0 };
    const [done] = plan.runs as [(typeof plan.runs)[number]];
    const both = { ...plan, runs: [{ ...done, evaluations: [PLAIN_EVALUATION, flip] }] };
    const id = evaluationId('done', flip);
    const predictions = await file(`evaluations/${id}/predictions`);
    await writeJson(from, keys.evaluationRecord(id), sampleEvaluationRecord({ evaluationId: id, predictions }));
    await writeJson(from, keys.evaluationMeasurement(id, 'a1'), { formatVersion: 1 });
    const to = new MemoryStore();
    await copyResults(from, to, { ...execution, plan: both }, () => undefined);
    const expected = [
      keys.evaluationRecord(evaluationId('done')),
      keys.evaluationRecord(id),
      keys.evaluationMeasurement(id, 'a1'),
      predictions.key,
    ];
    expect(await keysOf(to)).toEqual(expect.arrayContaining(expected));
  });

  it('copies the results of the plan, without datasets, checkpoints and other executions', async () => {
    const to = new MemoryStore();
    const copied = await copyResults(from, to, execution, () => undefined);
    const left = [
      keys.checkpoint('done', 'a1', 5),
      keys.datasetIndex('d'),
      keys.executionPending('e'),
      `${keys.executionFailures('earlier')}missing.json`,
    ];
    expect(await keysOf(to)).toEqual((await keysOf(from)).filter((key) => !left.includes(key)));
    expect(copied).toMatchObject({ objects: 12, missingRuns: 1, reportKey: keys.latestReportPage('n') });
  });

  it('lets the execution’s id name its plan in the copy, and say why a run has no result', async () => {
    const to = new MemoryStore();
    await copyResults(from, to, execution, () => undefined);
    expect(await findPlan(to, 'e')).toEqual(plan);
    expect((await readRunFailures(to, 'e')).get('missing')).toMatchObject({ reason: 'States.TaskFailed: exit code 2' });
  });

  it('copies failures recorded since, and the newer one of a run', async () => {
    const to = new MemoryStore();
    await copyResults(from, to, execution, () => undefined);
    await from.put(`${keys.executionFailures('e')}missing.json`, failure('exit code 137'));
    await from.put(`${keys.executionFailures('e')}done.json`, failure('exit code 3'));
    await copyResults(from, to, execution, () => undefined);
    expect([...(await readRunFailures(to, 'e')).values()].map(({ reason }) => reason)).toEqual([
      'States.TaskFailed: exit code 3',
      'States.TaskFailed: exit code 137',
    ]);
  });

  it('keeps objects that are already there, but copies a newer report', async () => {
    const to = new MemoryStore();
    await copyResults(from, to, execution, () => undefined);
    await from.put(keys.latestReportPage('n'), new TextEncoder().encode('<html>newer'));
    expect(await copyResults(from, to, execution, () => undefined)).toMatchObject({ objects: 4 });
    expect(new TextDecoder().decode(await to.get(keys.latestReportPage('n')))).toBe('<html>newer');
  });

  it('does not mistake the report of another plan for this one’s', async () => {
    await writeJson(from, keys.latestReportRecord('n'), reportOf('another'));
    const to = new MemoryStore();
    expect(await copyResults(from, to, execution, () => undefined)).not.toHaveProperty('reportKey');
    expect(await to.get(keys.latestReportPage('n'))).toBeUndefined();
  });

  it('refuses an object that does not match its record, and writes no marker for it', async () => {
    await from.put('runs/done/model/m', new TextEncoder().encode('damaged'));
    const to = new MemoryStore();
    await expect(copyResults(from, to, execution, () => undefined)).rejects.toThrow(UserError);
    expect(await to.get(keys.runRecord('done'))).toBeUndefined();
  });
});
