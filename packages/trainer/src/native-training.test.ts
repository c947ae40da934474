import { MemoryStore, type Recipe } from '@bakeoff/core';
import { nativeBuilds } from '@bakeoff/engine/testing';
import { describe, expect, it } from 'vitest';
import { callTrainRun, determinedObjects } from './testing/call-train-run.ts';
import { writeSampleDataset } from './testing/sample-dataset.ts';
import { sampleRun } from './testing/sample-run.ts';

const resnet = { type: 'resnet', blocks: [1, 1], channels: [16, 32], firstChannels: 16, batchNorm: true } as const;
const networks = {
  'a residual network': { model: { ...resnet, shortcut: 'A', dropout2d: 0.1 } },
  'one with convolutions in its shortcuts and SGD': {
    model: { ...resnet, blocks: [1, 1, 1], channels: [16, 32, 48], shortcut: 'B', dropout2d: 0 },
    optimizer: { type: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true, l2: 1e-4, decayBiasAndNorm: true },
  },
  'one without batch norm': { model: { ...resnet, shortcut: 'A', batchNorm: false, dropout2d: 0 } },
} as const satisfies Record<string, Partial<Recipe>>;

/** 200 steps: 4 per epoch. */
const DATASET = { train: 32, validation: 8 };
const EPOCHS = 50;

async function trained(changes: Partial<Recipe>, build: string): Promise<Map<string, Uint8Array>> {
  const store = new MemoryStore();
  const index = await writeSampleDataset(store, DATASET);
  const run = sampleRun(index, { ...changes, maxEpochs: EPOCHS });
  const outcome = await callTrainRun({ store, index, run, build });
  expect(outcome).toMatchObject({ status: 'finished', record: { steps: 200 } });
  return determinedObjects(store, run);
}

describe.each(Object.entries(networks))('200 steps of %s', (_, changes) => {
  it('end in the same bytes on relaxed SIMD and on every native build', async () => {
    const expected = await trained(changes, 'relaxed-simd');
    for (const build of nativeBuilds) expect(await trained(changes, build), build).toEqual(expected);
  });
});
