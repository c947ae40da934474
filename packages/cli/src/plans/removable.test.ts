import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluationId, type ExecutionRecord, keys, MemoryStore, type Plan, planSchema, writeJson } from '@bakeoff/core';
import { samplePlan, sampleRunRecord } from '@bakeoff/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownSurroundings, type Surroundings } from '../testing/own-surroundings.ts';
import { findInUse } from './in-use.ts';
import { leftovers, type Removable, unused, usedOnlyBy } from './removable.ts';
import { removeFolders } from './remove-folders.ts';
import { whileRunning } from './running-commands.ts';
import { readContents } from './store-contents.ts';

const HOUR_MS = 3600_000;
const NOW_MS = Date.UTC(2026, 0, 10);

let surroundings: Surroundings;
let store: MemoryStore;
/** When the next object is written. */
let clockMs: number;

beforeEach(async () => {
  surroundings = await ownSurroundings();
  store = new MemoryStore({ nowMs: () => clockMs });
  clockMs = NOW_MS - 48 * HOUR_MS;
});
afterEach(() => surroundings.restore());

const put = (key: string): Promise<void> => store.put(key, new Uint8Array(10));

async function writePlan(name: string, runIds: readonly string[], planId = name): Promise<Plan> {
  const plan: Plan = { ...samplePlan(runIds), name, planId };
  await writeJson(store, keys.plan(planId), plan, planSchema);
  return plan;
}

async function writeRun(runId: string): Promise<void> {
  const file = { key: keys.runModel(runId, 'a'.repeat(64)), bytes: 10, sha256: '0' };
  const history = { ...file, key: keys.runHistory(runId, 'b'.repeat(64)) };
  await put(file.key);
  await put(history.key);
  await writeJson(store, keys.runRecord(runId), sampleRunRecord({ runId, model: file, history }));
  await put(keys.evaluationRecord(evaluationId(runId)));
}

async function removable(
  search: (...call: Parameters<typeof unused>) => Promise<Removable>,
  running: boolean | null = false,
): Promise<{ removed: string[]; kept: string[] }> {
  const contents = await readContents(store);
  const found = await search(
    contents,
    await findInUse(contents, { nowMs: NOW_MS, asksExecution: async () => running }),
  );
  return { removed: found.removals.map(({ folder }) => folder).sort(), kept: [...found.kept.keys()].sort() };
}

describe('what may be removed', () => {
  it('of a manifest is what no other plan uses', async () => {
    const a = await writePlan('a', ['1', '2']);
    await writePlan('b', ['2', '3']);
    for (const runId of ['1', '2', '3']) await writeRun(runId);
    await writeJson(store, keys.reportRecord('r'), { formatVersion: 1, planId: 'a', comparisonId: null } as never);
    expect(await removable((...call) => usedOnlyBy([a], ...call))).toEqual({
      removed: [`evaluations/${evaluationId('1')}`, 'plans/a', 'reports/r', 'runs/1'],
      kept: [`evaluations/${evaluationId('2')}`, 'runs/2'],
    });
  });

  it('as unused is what the newest plan of no manifest uses', async () => {
    await writePlan('a', ['1', '2'], 'earlier');
    clockMs += HOUR_MS;
    await writePlan('a', ['2'], 'later');
    for (const runId of ['1', '2', 'orphan']) await writeRun(runId);
    const orphans = ['1', 'orphan'].map((id) => `evaluations/${evaluationId(id)}`);
    expect((await removable(unused)).removed).toEqual([...orphans, 'plans/earlier', 'runs/1', 'runs/orphan'].sort());
  });

  it('as leftovers are checkpoints of trained runs, files that no record names, and old parts', async () => {
    await writePlan('a', ['1', '2']);
    await writeRun('1');
    await put(keys.checkpoint('1', 'x', 5));
    await put(keys.runModel('1', 'c'.repeat(64)));
    await put(keys.checkpoint('2', 'x', 5));
    await put(keys.shard('half', 'train', 0));
    const found = await leftovers(await readContents(store), new Map());
    expect(found.removals.map(({ keys: left }) => left)).toEqual([
      [keys.shard('half', 'train', 0)],
      [keys.checkpoint('1', 'x', 5), keys.runModel('1', 'c'.repeat(64))],
    ]);
  });
});

/** What can be removed of manifest a. */
async function ofA(running?: boolean | null) {
  const { plans } = await readContents(store);
  const { plan } = plans.find((stored) => stored.plan.name === 'a')!;
  return removable((...call) => usedOnlyBy([plan], ...call), running);
}

describe('what is in use', () => {
  it('is all of a plan while an attempt younger than a day has not finished', async () => {
    await writePlan('a', ['1', '2']);
    await writeRun('1');
    clockMs = NOW_MS - 23 * HOUR_MS;
    await put(keys.checkpoint('2', 'x', 5));
    expect((await ofA()).removed).toEqual([]);
    clockMs = NOW_MS - 25 * HOUR_MS;
    await put(keys.checkpoint('2', 'x', 5));
    expect((await ofA()).removed).toContain('runs/2');
  });

  it('is not what has finished, however young', async () => {
    clockMs = NOW_MS;
    await writePlan('a', ['1']);
    await writeRun('1');
    expect((await ofA()).kept).toEqual([]);
  });

  it('is a dataset that is being prepared', async () => {
    clockMs = NOW_MS - HOUR_MS;
    await put(keys.shard('half', 'train', 0));
    expect(await removable(leftovers)).toEqual({ removed: [], kept: ['datasets/half'] });
  });

  it('is a plan on which a command of this machine works, until it ends or is killed', async () => {
    await writePlan('a', ['1']);
    await writeRun('1');
    await whileRunning({ store: store.url, planId: 'a' }, async () => expect((await ofA()).removed).toEqual([]));
    expect((await ofA()).kept).toEqual([]);
    // No process has so high a number.
    await writeFile(
      join(surroundings.folder, 'cache/bakeoff/running/99999999.json'),
      JSON.stringify({ store: store.url, planId: 'a' }),
    );
    expect((await ofA()).kept).toEqual([]);
  });

  it.each([
    [true, false],
    [null, false],
    [false, true],
  ])('is the plan of an execution that runs or may run (running: %s)', async (running, isRemoved) => {
    await writePlan('a', ['1']);
    await writeRun('1');
    const record: ExecutionRecord = {
      formatVersion: 1,
      executionId: 'e',
      planId: 'a',
      name: 'a',
      source: 'plans/a',
      openedAt: '2026-01-01T00:00:00.000Z',
      runs: 1,
      pendingRuns: 1,
      seed: null,
    };
    await writeJson(store, keys.execution('e'), record);
    expect((await ofA(running)).removed.includes('runs/1')).toBe(isRemoved);
  });
});

it('removes records before what they name and plans last, and only what was announced', async () => {
  await writePlan('a', ['1']);
  await writeRun('1');
  const contents = await readContents(store);
  const announced = (await usedOnlyBy([contents.plans[0]!.plan], contents, new Map())).removals;
  await put('runs/1/attempts/new/checkpoints/1.safetensors');
  const again = await readContents(store);
  const found = (await usedOnlyBy([again.plans[0]!.plan], again, new Map())).removals;
  const deleted: string[] = [];
  const remove = store.delete.bind(store);
  store.delete = async (key) => {
    deleted.push(key);
    await remove(key);
  };
  await removeFolders(store, found, announced);
  expect(deleted).toEqual([keys.evaluationRecord(evaluationId('1')), keys.plan('a')]);
  expect(await store.get(keys.runRecord('1'))).toBeDefined();
});
