import {
  keys,
  MemoryStore,
  type Recipe,
  type RunRecord,
  type StageEvent,
  readJson,
  trainingMeasurementSchema,
} from '@bakeoff/core';
import { pixelTransform, createNetwork } from '@bakeoff/model';
import { type EngineName, loadEngine } from '@bakeoff/engine';
import { testedNative } from '@bakeoff/engine/testing';
import { createOptimizer } from '../optimizers/registry.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { callTrainRun, determinedObjects } from '../testing/call-train-run.ts';
import { several } from '../testing/recipe-cases.ts';
import { writeSampleDataset } from '../testing/sample-dataset.ts';
import { sampleRun } from '../testing/sample-run.ts';
import { signalAfter } from '../testing/signal-after.ts';
import { ReplicatedStep } from './replicated-step.ts';

/** 6 steps per epoch: five batches of 8, and one of 3, in which replica 1 has no share. */
const DATASET = { train: 43, validation: 20 };

async function openRun(changes: Partial<Recipe> = {}) {
  const store = new MemoryStore();
  const index = await writeSampleDataset(store, DATASET);
  return { store, index, run: sampleRun(index, { replicas: 2, maxEpochs: 2, ...changes }) };
}

async function trained(
  changes: Partial<Recipe> = {},
): Promise<{ objects: Map<string, Uint8Array>; record: RunRecord; store: MemoryStore }> {
  const { store, index, run } = await openRun(changes);
  const outcome = await callTrainRun({ store, index, run });
  if (outcome.status !== 'finished') throw new Error(outcome.status);
  return { objects: await determinedObjects(store, run), record: outcome.record, store };
}

async function openStep(changes: { readonly name?: EngineName } = {}) {
  const { index, run } = await openRun();
  const engine = { ...(await loadEngine('wasm', { native: testedNative })), ...changes };
  const network = createNetwork(run.recipe.model, { imageShape: index.imageShape, classes: 4 });
  const optimizer = createOptimizer(run.recipe, network.parameters);
  const steps = new ReplicatedStep({
    run,
    index,
    engine,
    labels: new Uint8Array(43),
    loss: { labelSmoothing: 0, classWeights: null },
    pixels: pixelTransform(run.recipe.normalization, index),
    network,
    optimizer,
    stepped: () => undefined,
  });
  steps.hold(new Uint8Array(43 * 8 * 8 * 3).map((_, i) => i % 251));
  const next = (step: number): Promise<void> =>
    steps.run({ indices: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7), moves: null, mixing: null, learningRate: 0.1, step });
  return {
    network,
    steps,
    next,
    threads: steps as unknown as { readonly workers: readonly { terminate(): Promise<number> }[] },
  };
}

async function peakMemoryBytes({ record, store }: Awaited<ReturnType<typeof trained>>): Promise<number> {
  return (
    (await readJson(store, keys.runMeasurement(record.runId, 'a'), trainingMeasurementSchema))?.peakMemoryBytes ?? 0
  );
}

describe('a run with replicas', () => {
  // A replica's thread takes a second to start, so tests share what they can: a run with every option that needs state,
  // randomness or the whole batch.
  let whole: Awaited<ReturnType<typeof trained>>;
  beforeAll(async () => void (whole = await trained(several)));

  it('ends in the same bytes every time, wherever it was interrupted', async () => {
    const { objects: expected } = whole;
    // Before the incomplete batch of the first epoch, and within the second epoch.
    for (const reads of [5, 9]) {
      const { store, index, run } = await openRun(several);
      expect(await callTrainRun({ store, index, run, signal: signalAfter(reads) })).toMatchObject({
        status: 'interrupted',
      });
      await callTrainRun({ store, index, run, attemptId: 'b' });
      expect(await determinedObjects(store, run), `interrupted at ${reads}`).toEqual(expected);
    }
  });

  it('is a different run from one without replicas or with another number of them, and learns as they do', async () => {
    const records = await Promise.all(
      [1, 2].map(
        async (replicas) =>
          (
            await trained({
              replicas,
              maxEpochs: 6,
              optimizer: {
                type: 'sgd',
                learningRate: 0.05,
                momentum: 0.9,
                nesterov: true,
                l2: 1e-4,
                decayBiasAndNorm: true,
              },
            })
          ).record,
      ),
    );
    expect(new Set([...records, (await openRun({ replicas: 4 })).run].map(({ runId }) => runId)).size).toBe(3);
    expect(records[0]?.epochs[0]?.trainLoss).not.toBe(records[1]?.epochs[0]?.trainLoss);
    for (const { epochs } of records) expect(epochs.at(-1)?.validationAccuracy).toBeGreaterThan(0.6);
  });

  it('counts the memory of all replicas', async () => {
    const alone = await peakMemoryBytes(await trained({ ...several, replicas: 1 }));
    expect(await peakMemoryBytes(whole)).toBeGreaterThan(alone + 16 * 2 ** 20);
  });

  it('stops soon after an outside signal that arrives while it computes', async () => {
    const { store, index, run } = await openRun({ maxEpochs: 100_000 });
    const controller = new AbortController();
    const onEvent = (event: StageEvent): void =>
      void (event.type === 'progress' && setTimeout(() => controller.abort(), 5));
    expect(await callTrainRun({ store, index, run, signal: controller.signal, onEvent })).toMatchObject({
      status: 'interrupted',
    });
  });
});

describe('ReplicatedStep', () => {
  it('verifies that replicas are equal, and names the one that is not', async () => {
    const { network, steps, next } = await openStep();
    await next(1);
    await steps.verify();
    network.loadState(
      Object.fromEntries(
        Object.entries(network.state()).map(([name, { shape, data }]) => [
          name,
          { shape, data: Float32Array.from(data, (value) => value + 1) },
        ]),
      ),
      'changed',
    );
    await expect(steps.verify()).rejects.toThrow(/replica 1 of run \w+ no longer has the parameters of replica 0/);
    await steps.dispose();
  });

  it('says which replica failed and why', async () => {
    const { steps, next } = await openStep({ name: 'abacus' as 'wasm' });
    await expect(next(1)).rejects.toThrow(/replica 1 of run \w+ failed: unknown engine/);
    await steps.dispose();
  });

  it('fails instead of waiting for a thread that is gone', async () => {
    const { steps, next, threads } = await openStep();
    await next(1);
    const waiting = next(2);
    await Promise.all([
      threads.workers[0]?.terminate(),
      expect(waiting.then(() => next(3))).rejects.toThrow(
        /replica 1 of run \w+ failed: its thread ended with exit code 1/,
      ),
    ]);
    await expect(next(4)).rejects.toThrow('replica 1');
    await steps.dispose();
  });
});
