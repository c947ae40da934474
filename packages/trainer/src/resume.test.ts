import {
  keys,
  MemoryStore,
  readJson,
  type Recipe,
  type RunRecord,
  type StageEvent,
  trainingMeasurementSchema,
  UserError,
} from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import { installedPeerEngines, nativeBuilds } from '@bakeoff/engine/testing';
import { describe, expect, it } from 'vitest';
import { callTrainRun, determinedObjects, type SampleCall } from './testing/call-train-run.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { TRACED_DATASET, tracedRecipes } from './testing/recipe-cases.ts';
import { writeSampleDataset } from './testing/sample-dataset.ts';
import { sampleRun } from './testing/sample-run.ts';
import { signalAfter } from './testing/signal-after.ts';

const DATASET = { train: 44, validation: 20 };
const CHANGES = { maxEpochs: 3, selection: 'validationAccuracy' } as const;
type SampleBuild = Pick<SampleCall, 'engine' | 'build'>;

/** 6 steps per epoch (five batches of 8, one of 4), 18 in all. */
const STEPS = 18;

async function openRun(changes: Partial<Recipe> = {}) {
  const store = new MemoryStore();
  const index = await writeSampleDataset(store, DATASET);
  return { store, index, run: sampleRun(index, { ...CHANGES, ...changes }) };
}

let undisturbed: Promise<Map<string, Uint8Array>> | undefined;

/** What an uninterrupted run leaves: every byte except measurements. */
function uninterrupted(): Promise<Map<string, Uint8Array>> {
  undisturbed ??= openRun().then(async ({ store, index, run }) => {
    await callTrainRun({ store, index, run });
    return determinedObjects(store, run);
  });
  return undisturbed;
}

async function resumed(first: SampleBuild, second: SampleBuild) {
  const { store, index, run } = await openRun();
  await callTrainRun({ store, index, run, signal: signalAfter(9), ...first });
  const warnings: string[] = [];
  const onEvent = (event: StageEvent): void => void (event.type === 'warning' && warnings.push(event.text));
  const outcome = await callTrainRun({ store, index, run, attemptId: 'b', onEvent, ...second });
  return { status: outcome.status, warnings, objects: await determinedObjects(store, run) };
}

describe('an interrupted run', () => {
  it('ends in the bytes of an uninterrupted one, wherever it was interrupted', async () => {
    const expected = await uninterrupted();
    // The signal is read before every step and every validation batch. These places cover the first step, mid-epoch,
    // validation, epoch start and the end.
    for (const reads of [0, 1, 4, 6, 7, 8, 13, 19, 20]) {
      const { store, index, run } = await openRun();
      const first = await callTrainRun({ store, index, run, signal: signalAfter(reads) });
      expect(first).toEqual({ status: 'interrupted', step: reads - Math.floor(reads / 7) });
      expect(await callTrainRun({ store, index, run, attemptId: 'b' })).toMatchObject({ status: 'finished' });
      expect(await determinedObjects(store, run), `interrupted at ${reads}`).toEqual(expected);
    }
  });

  it('ends in the same bytes after being interrupted again and again', async () => {
    const { store, index, run } = await openRun();
    let interruptions = 0;
    let outcome;
    do
      outcome = await callTrainRun({
        store,
        index,
        run,
        attemptId: `attempt-${interruptions++}`,
        signal: signalAfter(2),
      });
    while (outcome.status === 'interrupted');
    expect(interruptions).toBeGreaterThan(STEPS / 2);
    expect(await determinedObjects(store, run)).toEqual(await uninterrupted());
  });

  it('does so with every option of a recipe', async () => {
    const recipe = { ...tracedRecipes['all options together'], sampling: 'balanced', classWeights: null } as const;
    const open = async () => {
      const store = new MemoryStore();
      const index = await writeSampleDataset(store, TRACED_DATASET);
      return { store, index, run: sampleRun(index, recipe) };
    };
    const whole = await open();
    await callTrainRun(whole);
    const { store, index, run } = await open();
    for (let attempt = 0; attempt < 20; attempt++)
      await callTrainRun({ store, index, run, attemptId: `attempt-${attempt}`, signal: signalAfter(4) });
    expect((await determinedObjects(store, run)).has(keys.runRecord(run.runId))).toBe(true);
    expect(await determinedObjects(store, run)).toEqual(await determinedObjects(whole.store, whole.run));
  });

  it('stops within a step of an outside signal that arrives while it computes', async () => {
    const { store, index, run } = await openRun();
    const controller = new AbortController();
    setImmediate(() => setTimeout(() => controller.abort(), 5));
    const endless = sampleRun(index, { ...CHANGES, maxEpochs: 100_000 });
    const outcome = await callTrainRun({ store, index, run: endless, signal: controller.signal });
    expect(outcome.status).toBe('interrupted');
    expect(run.runId).not.toBe(endless.runId);
  });

  const pairs = [
    ['cpu', 'wasm'],
    ['wasm', 'cpu'],
    ...installedPeerEngines.flatMap(
      (engine) =>
        [
          ['wasm', engine],
          [engine, 'wasm'],
        ] as const,
    ),
  ] as const;
  it.each(pairs)('begun on engine %s continues on %s, to the same figures within rounding', async (first, second) => {
    const { store, index, run } = await openRun();
    expect(await callTrainRun({ store, index, run, signal: signalAfter(9), engine: first })).toEqual({
      status: 'interrupted',
      step: 8,
    });
    const events: StageEvent[] = [];
    const resumed = await callTrainRun({
      store,
      index,
      run,
      attemptId: 'b',
      engine: second,
      onEvent: (event) => void events.push(event),
    });
    expect(events[0]).toEqual({ type: 'message', text: expect.stringContaining('step 8') });
    expect(events[1]).toEqual({ type: 'warning', text: expect.stringContaining('rounds differently') });
    const expected = JSON.parse(
      Buffer.from((await uninterrupted()).get(keys.runRecord(run.runId))!).toString(),
    ) as RunRecord;
    if (resumed.status !== 'finished') throw new Error(resumed.status);
    expect(resumed.record.epochs).toHaveLength(expected.epochs.length);
    resumed.record.epochs.forEach(({ trainLoss, validationLoss }, i) => {
      expect(trainLoss).toBeCloseTo(expected.epochs[i]!.trainLoss, 3);
      expect(validationLoss).toBeCloseTo(expected.epochs[i]!.validationLoss, 3);
    });
  });

  it('says in one line that it rounds differently from here on, and finishes', async () => {
    for (const [first, second, named] of [
      [{ build: 'simd' }, { build: 'relaxed-simd' }, 'rounding fused; before, separate'],
      [{ build: 'relaxed-simd' }, { build: 'simd' }, 'rounding separate; before, fused'],
    ] as const)
      expect(await resumed(first, second)).toMatchObject({
        status: 'finished',
        warnings: [expect.stringContaining(named)],
      });
  });

  it.each(nativeBuilds)(
    'begun on relaxed SIMD and resumed on %s, or the other way, ends in the same bytes',
    async (native) => {
      const relaxed = { build: 'relaxed-simd' };
      const expected = await resumed(relaxed, relaxed);
      expect(expected.warnings).toEqual([]);
      expect(await resumed(relaxed, { build: native })).toEqual(expected);
      expect(await resumed({ build: native }, relaxed)).toEqual(expected);
    },
  );

  it('writes nothing more when it was interrupted before its first step', async () => {
    const { store, index, run } = await openRun();
    expect(await callTrainRun({ store, index, run, signal: AbortSignal.abort() })).toEqual({
      status: 'interrupted',
      step: 0,
    });
    expect([...(await determinedObjects(store, run)).keys()]).toEqual([keys.runConfig(run.runId)]);
  });
});

const MOVED = {
  augmentation: {
    transforms: [{ type: 'alternatingFlip' }, { type: 'cutout', size: 4, overBorder: true, probability: 0.5 }],
    views: 3,
    seed: 1,
  },
  mixup: { alpha: 1 },
} as const;

it.each([1, 2])(
  'an interrupted run whose pixels are moved by the gather kernel, and then mixed, ends in the same bytes, with %i replicas',
  async (replicas) => {
    const { store, index, run } = await openRun({ ...MOVED, replicas });
    // In the middle of the second epoch.
    expect(await callTrainRun({ store, index, run, signal: signalAfter(10) })).toMatchObject({ step: 9 });
    expect(await callTrainRun({ store, index, run, attemptId: 'b' })).toMatchObject({ status: 'finished' });
    const other = await openRun({ ...MOVED, replicas });
    await callTrainRun(other);
    expect(await determinedObjects(store, run)).toEqual(await determinedObjects(other.store, other.run));
  },
);

describe('checkpoints', () => {
  it('are written every five minutes of wall time, besides at epoch ends, and change nothing', async () => {
    class WatchedStore extends MemoryStore {
      readonly steps: number[] = [];
      override async put(key: string, body: Uint8Array): Promise<void> {
        const step = /\/checkpoints\/(\d+)/.exec(key)?.[1];
        if (step !== undefined) this.steps.push(Number(step));
        await super.put(key, body);
      }
    }
    const store = new WatchedStore();
    const index = await writeSampleDataset(store, DATASET);
    const run = sampleRun(index, CHANGES);
    const clock = new ManualClock();
    // Two minutes per step, so that every step emits a progress event.
    const onEvent = (event: StageEvent): void => void (event.type === 'progress' && clock.advance(120_000));
    await callTrainRun({ store, index, run, clock, onEvent });
    expect(store.steps).toEqual([3, 6, 9, 12, 15, 18]);
    expect(await determinedObjects(store, run)).toEqual(await uninterrupted());
  });

  it('damaged by one byte are named, and the one before is used, with the same result', async () => {
    const { store, index, run } = await openRun();
    await callTrainRun({ store, index, run, signal: signalAfter(17) });
    const newest = [...(await determinedObjects(store, run)).keys()]
      .filter((key) => key.includes('/checkpoints/'))
      .at(-1)!;
    const body = await storedBytes(store, newest);
    body[body.length >> 1] = body[body.length >> 1]! ^ 4;
    await store.put(newest, body);
    const events: StageEvent[] = [];
    await callTrainRun({ store, index, run, attemptId: 'b', onEvent: (event) => void events.push(event) });
    expect(events[0]).toEqual({ type: 'warning', text: expect.stringContaining(newest) });
    expect(events[1]).toEqual({ type: 'message', text: expect.stringContaining('step 12') });
    const attempt = await readJson(store, keys.runMeasurement(run.runId, 'b'), trainingMeasurementSchema);
    expect(attempt?.warnings).toEqual([expect.stringContaining(newest)]);
    expect(await determinedObjects(store, run)).toEqual(await uninterrupted());
  });

  it('survive a store that fills up: the error is reported, and the run resumes from them later', async () => {
    class FillingStore extends MemoryStore {
      room = true;
      override async put(key: string, body: Uint8Array): Promise<void> {
        if (!this.room) throw new UserError({ what: `cannot write ${key}: the disk is full`, fix: 'free some space' });
        await super.put(key, body);
        if (key.includes('/checkpoints/000000012')) this.room = false;
      }
    }
    const store = new FillingStore();
    const index = await writeSampleDataset(store, DATASET);
    const run = sampleRun(index, CHANGES);
    await expect(callTrainRun({ store, index, run })).rejects.toThrow('the disk is full');
    store.room = true;
    const events: StageEvent[] = [];
    await callTrainRun({ store, index, run, attemptId: 'b', onEvent: (event) => void events.push(event) });
    expect(events[0]).toEqual({ type: 'message', text: expect.stringContaining('step 12') });
    expect(await determinedObjects(store, run)).toEqual(await uninterrupted());
  });
});
