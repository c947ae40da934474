import { decodeSafetensors, MemoryStore, type Recipe } from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import type { EngineName } from '@bakeoff/engine';
import { describe, expect, it } from 'vitest';
import { callTrainRun, determinedObjects } from './testing/call-train-run.ts';
import { writeSampleDataset } from './testing/sample-dataset.ts';
import { sampleRun } from './testing/sample-run.ts';
import { signalAfter } from './testing/signal-after.ts';

/** 6 steps per epoch, 220 validation images in 3 batches. */
const DATASET = { train: 44, validation: 220 };

async function openRun(changes: Partial<Recipe> = {}) {
  const store = new MemoryStore();
  const index = await writeSampleDataset(store, DATASET);
  return { store, index, run: sampleRun(index, { maxEpochs: 2, ...changes }) };
}

/** Reads losses and correct answers only every `metricsInterval` steps, like engines that queue their work. */
const every = (metricsInterval: number, engine: EngineName = 'wasm') => ({
  engine,
  changeEngine: <T>(loaded: T) => ({ ...loaded, metricsInterval }),
});

describe('an engine whose metrics are read every few steps', () => {
  it.each(['wasm', 'cpu'] as const)('%s leaves the same bytes, whatever the interval', async (engine) => {
    const ends: unknown[] = [];
    for (const interval of engine === 'cpu' ? [1, 3] : [1, 3, 4, 100]) {
      const { store, index, run } = await openRun(
        engine === 'cpu'
          ? {
              maxEpochs: 1,
              model: {
                type: 'resnet',
                blocks: [1],
                channels: [4],
                firstChannels: 4,
                shortcut: 'A',
                batchNorm: true,
                dropout2d: 0.1,
              },
            }
          : {},
      );
      expect((await callTrainRun({ store, index, run, ...every(interval, engine) })).status).toBe('finished');
      ends.push(await determinedObjects(store, run));
    }
    for (const end of ends) expect(end).toEqual(ends[0]);
  });

  it('leaves the same bytes if it was interrupted between reads', async () => {
    const expected = await openRun();
    await callTrainRun(expected);
    for (const reads of [1, 2, 4, 7]) {
      const { store, index, run } = await openRun();
      expect(await callTrainRun({ store, index, run, signal: signalAfter(reads), ...every(3) })).toEqual({
        status: 'interrupted',
        step: Math.min(reads, 6),
      });
      await callTrainRun({ store, index, run, attemptId: 'b', ...every(3) });
      expect(await determinedObjects(store, run), `interrupted at ${reads}`).toEqual(
        await determinedObjects(expected.store, expected.run),
      );
    }
  });

  it('ends a diverged run at its first loss that is not a number, even if the signal came first', async () => {
    const changes: Partial<Recipe> = {
      optimizer: { type: 'sgd', learningRate: 1e6, momentum: 0.9, nesterov: false, l2: 0.1, decayBiasAndNorm: true },
      schedule: { type: 'constant', warmupEpochs: 0, warmupFactor: 1 },
      maxEpochs: 50,
    };
    const atOnce = await openRun(changes);
    const outcome = await callTrainRun(atOnce);
    if (outcome.status !== 'diverged') throw new Error(outcome.status);
    const { steps } = outcome.record;
    for (const call of [
      every(3),
      every(100),
      { ...every(100), signal: signalAfter(steps + 1 + Math.floor(steps / 6) * 3) },
    ]) {
      const { store, index, run } = await openRun(changes);
      expect((await callTrainRun({ store, index, run, ...call })).status).toBe('diverged');
      expect(await determinedObjects(store, run)).toEqual(await determinedObjects(atOnce.store, atOnce.run));
    }
    const history = decodeSafetensors(await storedBytes(atOnce.store, outcome.record.history.key)).tensors;
    expect([...(history['loss']?.data ?? [])].findIndex((loss) => !Number.isFinite(loss))).toBe(steps - 1);
  });
});
