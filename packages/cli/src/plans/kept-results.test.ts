import {
  evaluationId,
  keys,
  MemoryStore,
  type Plan,
  type PlannedRun,
  stageNames,
  type StageEvent,
  writeJson,
} from '@bakeoff/core';
import { sampleEngineDescription, sampleEvaluationMeasurement, sampleTrainingMeasurement } from '@bakeoff/core/testing';
import { expect, it } from 'vitest';
import { warnOfOtherEngines } from './kept-results.ts';

type Kept = Pick<Plan, 'planId' | 'datasets' | 'runs'>;

const planOf = (count: number): Kept => ({
  planId: 'p',
  datasets: [],
  runs: Array.from(
    { length: count },
    (_, i) => ({ runId: `run${i}`, experiments: [`e${i}`, 'other'], seed: i + 1 }) as unknown as PlannedRun,
  ),
});

/** A finished training by attempts of these engines, a day apart, and its evaluation by another attempt. */
async function finish(
  store: MemoryStore,
  runId: string,
  engines: readonly string[],
  evaluatedBy?: string,
): Promise<void> {
  for (const [i, name] of engines.entries()) {
    const measurement = sampleTrainingMeasurement({
      engine: sampleEngineDescription(name),
      startedAt: `2026-01-0${i + 1}T09:30:00.000Z`,
      firstStep: i * 10,
      lastStep: i * 10 + 10,
    });
    await writeJson(store, keys.runMeasurement(runId, `a${i}`), measurement);
  }
  await writeJson(store, keys.runRecord(runId), { formatVersion: 1 });
  if (evaluatedBy === undefined) return;
  const measurement = sampleEvaluationMeasurement({
    engine: sampleEngineDescription(evaluatedBy),
    startedAt: '2026-01-09T10:00:00.000Z',
  });
  await writeJson(store, keys.evaluationMeasurement(evaluationId(runId), 'a'), measurement);
  await writeJson(store, keys.evaluationRecord(evaluationId(runId)), { formatVersion: 1 });
}

async function warnings(
  store: MemoryStore,
  plan: Kept,
  engine: Parameters<typeof warnOfOtherEngines>[1],
): Promise<StageEvent[]> {
  const events: StageEvent[] = [];
  await warnOfOtherEngines(plan, engine, stageNames, { store, log: (event) => events.push(event) });
  return events;
}

it('names finished results of other engines, when they were computed, and --force', async () => {
  const store = new MemoryStore();
  await finish(store, 'run0', ['wasm'], 'wasm');
  await finish(store, 'run1', ['wasm', 'cpu']);
  await finish(store, 'run2', ['cpu'], 'cpu');
  expect(await warnings(store, planOf(4), 'cpu')).toEqual([
    {
      type: 'warning',
      text: [
        '--engine cpu: 2 finished runs of other engines are kept; to redo them, add --force',
        '    e0, seed 1: trained by wasm, 2026-01-01 09:30 UTC; evaluated by wasm, 2026-01-09 10:00 UTC',
        '    e1, seed 2: trained by wasm and cpu, 2026-01-02 09:30 UTC',
      ].join('\n'),
    },
  ]);
});

it('says nothing if no engine was requested, if all results are of that engine, or if their engine is unknown', async () => {
  const store = new MemoryStore();
  await finish(store, 'run0', ['wasm'], 'wasm');
  await finish(store, 'run1', []);
  expect(await warnings(store, planOf(3), 'auto')).toEqual([]);
  expect(await warnings(store, planOf(3), 'wasm')).toEqual([]);
});

it('says nothing about unfinished runs', async () => {
  const store = new MemoryStore();
  await finish(store, 'run0', ['wasm']);
  await store.delete(keys.runRecord('run0'));
  expect(await warnings(store, planOf(1), 'cpu')).toEqual([]);
});

it('lists only the first few of many', async () => {
  const store = new MemoryStore();
  for (let i = 0; i < 12; i++) await finish(store, `run${i}`, ['wasm']);
  const [event] = await warnings(store, planOf(12), 'tensorflow');
  expect(event).toMatchObject({
    text: expect.stringMatching(
      /^--engine tensorflow: 12 finished runs[^]*e7, seed 8: [^\n]*\n {4}… and 4 more$/,
    ) as string,
  });
});
