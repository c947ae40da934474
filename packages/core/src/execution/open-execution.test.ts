import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FileStore } from '../file/index.ts';
import { evaluationId } from '../ids.ts';
import { keys } from '../keys.ts';
import { MemoryStore } from '../memory-store.ts';
import { readJson, writeJson, writeJsonIfAbsent } from '../records/json-records.ts';
import { sampleRunRecord } from '../testing/sample-records.ts';
import { smallPlan } from '../testing/small-plan.ts';
import type { Plan } from '../records/plan-records.ts';
import type { Store } from '../types/store.ts';
import { executionOf, findPlan } from './execution-record.ts';
import { openExecution } from './open-execution.ts';
import { occurrenceRecordSchema, reserveOccurrence, type ScheduleRecord } from './schedule-record.ts';

const clock = { nowMs: () => Date.UTC(2026, 0, 31, 12), elapsedMs: () => 0 };
const folders: string[] = [];

async function fileStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'bakeoff-executions-'));
  folders.push(folder);
  return new FileStore(folder);
}

async function planned(store: Store, seeds?: readonly number[]): Promise<Plan> {
  const plan = await smallPlan(seeds);
  await writeJson(store, keys.plan(plan.planId), plan);
  return plan;
}

async function scheduled(store: Store): Promise<{ schedule: ScheduleRecord; plan: Plan }> {
  const plan = await planned(store, [1]);
  const schedule: ScheduleRecord = {
    formatVersion: 1,
    scheduleId: 'weekly',
    planId: plan.planId,
    expression: 'rate(7 days)',
  };
  await writeJson(store, keys.schedule('weekly'), schedule);
  return { schedule, plan };
}

const evaluate = (store: Store, runId: string): Promise<void> =>
  writeJson(store, keys.evaluationRecord(evaluationId(runId)), { formatVersion: 1 });
const pendingOf = async (store: Store, executionId: string): Promise<string[]> =>
  (
    JSON.parse(new TextDecoder().decode(await store.get(keys.executionPending(executionId)))) as { runId: string }[]
  ).map(({ runId }) => runId);
const time = (day: number): string => `2026-02-${String(day).padStart(2, '0')}T09:00:00Z`;

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe('openExecution of a plan', () => {
  it('lists only the unfinished runs, in the plan’s order', async () => {
    const store = new MemoryStore();
    const plan = await planned(store, [1, 2]);
    const [evaluated, divergedEarly, divergedLate, trained] = plan.runs.map(({ runId }) => runId) as [
      string,
      string,
      string,
      string,
    ];
    await evaluate(store, evaluated);
    await writeJson(store, keys.runRecord(divergedEarly), sampleRunRecord({ status: 'diverged', model: null }));
    await writeJson(store, keys.runRecord(divergedLate), sampleRunRecord({ status: 'diverged' }));
    const { record, isNew } = await openExecution(
      { executionId: 'e', source: `plans/${plan.planId}` },
      { store, clock },
    );
    expect(await pendingOf(store, 'e')).toEqual([divergedLate, trained]);
    expect(record).toEqual({
      formatVersion: 1,
      executionId: 'e',
      planId: plan.planId,
      name: 'small',
      source: `plans/${plan.planId}`,
      openedAt: '2026-01-31T12:00:00.000Z',
      runs: 4,
      pendingRuns: 2,
      seed: null,
    });
    expect(isNew).toBe(true);
    expect(await executionOf(store, 'e')).toEqual(record);
  });

  it('keeps what an earlier attempt wrote, even if runs have finished since', async () => {
    const store = new MemoryStore();
    const plan = await planned(store);
    const first = await openExecution({ executionId: 'e', source: `plans/${plan.planId}` }, { store, clock });
    const before = await pendingOf(store, 'e');
    await evaluate(store, plan.runs[0]!.runId);
    const again = await openExecution({ executionId: 'e', source: `plans/${plan.planId}` }, { store, clock });
    expect(again).toEqual({ record: first.record, isNew: false });
    expect(await pendingOf(store, 'e')).toEqual(before);
  });

  it('lets stages find the plan by the execution’s id', async () => {
    const store = new MemoryStore();
    const plan = await planned(store);
    await openExecution({ executionId: 'e', source: `plans/${plan.planId}` }, { store, clock });
    expect(await findPlan(store, 'e')).toEqual(plan);
    expect(await findPlan(store, plan.planId)).toEqual(plan);
    expect(await findPlan(store, 'unknown')).toBeUndefined();
  });

  it.each([
    'plans/0123456789abcdef',
    'schedules/gone/2026-02-01T09:00:00Z',
    'plans',
    'runs/x',
    'schedules/weekly/yesterday',
  ])('refuses %s, and writes nothing', async (source) => {
    const store = new MemoryStore();
    await expect(openExecution({ executionId: 'e', source }, { store, clock })).rejects.toThrow(
      source.split('/')[1] ?? source,
    );
    expect(await executionOf(store, 'e')).toBeUndefined();
  });

  it('refuses a second source under one id', async () => {
    const store = new MemoryStore();
    const plan = await planned(store);
    await openExecution({ executionId: 'e', source: `plans/${plan.planId}` }, { store, clock });
    await expect(openExecution({ executionId: 'e', source: 'plans/other' }, { store, clock })).rejects.toThrow(
      'another source',
    );
  });
});

describe('openExecution of a schedule’s occurrence', () => {
  it('adds one seed each time: the plan holds all seeds so far, and only the new one trains', async () => {
    const store = new MemoryStore();
    const { plan } = await scheduled(store);
    for (const { runId } of plan.runs) await evaluate(store, runId);
    for (const occurrence of [1, 2, 3]) {
      const { record } = await openExecution(
        { executionId: `e${occurrence}`, source: `schedules/weekly/${time(occurrence)}` },
        { store, clock },
      );
      const grown = (await findPlan(store, `e${occurrence}`))!;
      expect(record.seed).toBe(1 + occurrence);
      expect(grown.runs.map(({ seed }) => seed).sort((x, y) => x - y)).toEqual(
        Array.from({ length: 2 * (occurrence + 1) }, (_, i) => 1 + Math.floor(i / 2)),
      );
      const pending = await pendingOf(store, `e${occurrence}`);
      expect(pending).toEqual(grown.runs.filter(({ seed }) => seed === 1 + occurrence).map(({ runId }) => runId));
      // The previous seed's runs are left to the earlier execution, which may still be running.
      if (occurrence === 1) for (const runId of pending) await evaluate(store, runId);
    }
  });

  it('trains the manifest’s own seeds the first time, if they are not trained yet', async () => {
    const store = new MemoryStore();
    await scheduled(store);
    await openExecution({ executionId: 'e', source: `schedules/weekly/${time(1)}` }, { store, clock });
    const grown = (await findPlan(store, 'e'))!;
    expect(await pendingOf(store, 'e')).toEqual(grown.runs.map(({ runId }) => runId));
    expect(grown.runs).toHaveLength(4);
  });

  it('gives a second execution for the same time the same seed and plan', async () => {
    const store = new MemoryStore();
    await scheduled(store);
    const first = await openExecution({ executionId: 'e1', source: `schedules/weekly/${time(1)}` }, { store, clock });
    const second = await openExecution({ executionId: 'e2', source: `schedules/weekly/${time(1)}` }, { store, clock });
    expect(second.record).toMatchObject({ planId: first.record.planId, seed: first.record.seed });
  });
});

describe('reserveOccurrence', () => {
  it('gives racers for one time one seed, and racers for different times different seeds', async () => {
    const store = await fileStore();
    const { schedule, plan } = await scheduled(store);
    for (let round = 0; round < 5; round++) {
      const [a, b] = [time(1 + 2 * round), time(2 + 2 * round)];
      const reserved = await Promise.all([a, b, a, b, a].map((at) => reserveOccurrence(store, schedule, plan, at)));
      for (const at of [a, b])
        expect(new Set(reserved.filter(({ scheduledTime }) => scheduledTime === at).map(({ seed }) => seed)).size).toBe(
          1,
        );
      expect([...new Set(reserved.map(({ seed }) => seed))].sort((x, y) => x - y)).toEqual([
        2 + 2 * round,
        3 + 2 * round,
      ]);
    }
  });

  it('continues with the seed of an attempt that ended before it wrote the reservation', async () => {
    const store = new MemoryStore();
    const { schedule, plan } = await scheduled(store);
    await reserveOccurrence(store, schedule, plan, time(1));
    await writeJsonIfAbsent(store, keys.scheduleSeed('weekly', 2), { formatVersion: 1, scheduledTime: time(2) } as {
      formatVersion: 1;
    });
    await reserveOccurrence(store, schedule, plan, time(3));
    expect(await reserveOccurrence(store, schedule, plan, time(2))).toMatchObject({ occurrence: 2, seed: 3 });
    expect(await readJson(store, keys.scheduleOccurrence('weekly', time(3)), occurrenceRecordSchema)).toMatchObject({
      occurrence: 3,
      seed: 4,
    });
  });
});
