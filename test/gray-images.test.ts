import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recipe } from '@bakeoff/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../packages/data-prep/src/testing/context.ts';
import { makeIdxParts, writeIdxFolder } from '../packages/data-prep/src/testing/idx.ts';
import { prepareAs } from '../packages/data-prep/src/testing/prepare.ts';
import { callTrainRun, determinedObjects, type SampleCall } from '../packages/trainer/src/testing/call-train-run.ts';
import { sampleRun } from '../packages/trainer/src/testing/sample-run.ts';
import { signalAfter } from '../packages/trainer/src/testing/signal-after.ts';

const RECIPE: Partial<Recipe> = {
  maxEpochs: 2,
  batchSize: 6,
  model: {
    type: 'resnet',
    blocks: [1],
    channels: [2],
    firstChannels: 2,
    shortcut: 'A',
    batchNorm: true,
    dropout2d: 0,
  },
  normalization: { mean: [0.5], standardDeviation: [0.25] },
  augmentation: {
    transforms: [
      { type: 'randomCrop', padding: 2, probability: 1 },
      { type: 'cutout', size: 6, overBorder: true, probability: 1 },
    ],
    views: 2,
    seed: 1,
  },
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-gray-'));
  await writeIdxFolder(folder, makeIdxParts(20, 4));
});
afterAll(() => rm(folder, { recursive: true }));

async function prepared() {
  const context = testContext();
  const index = await prepareAs(
    { source: 'mnist', validation: 8, stratified: false },
    { archive: folder, cacheFolder: folder },
    context,
  );
  return { store: context.store, index, run: sampleRun(index, RECIPE) };
}

/** The loss on the training images of each epoch, and every byte that the training wrote. */
async function trained(engine: NonNullable<SampleCall['engine']>) {
  const call = await prepared();
  const outcome = await callTrainRun({ ...call, engine });
  if (outcome.status !== 'finished') throw new Error(outcome.status);
  const losses = outcome.record.epochs.map(({ trainLoss }) => trainLoss);
  return { losses, objects: await determinedObjects(call.store, call.run) };
}

it('a network trains on gray images of 28×28 whose pixels are moved, on engines wasm and cpu, to the same losses', async () => {
  const [cpu, wasm] = [await trained('cpu'), await trained('wasm')];
  expect(cpu.losses).toHaveLength(2);
  cpu.losses.forEach((loss, i) => expect(wasm.losses[i]).toBeCloseTo(loss, 4));

  const call = { ...(await prepared()), engine: 'wasm' } as const;
  expect(await callTrainRun({ ...call, signal: signalAfter(1) })).toMatchObject({ status: 'interrupted', step: 1 });
  expect(await callTrainRun({ ...call, attemptId: 'b' })).toMatchObject({ status: 'finished' });
  expect(await determinedObjects(call.store, call.run)).toEqual(wasm.objects);
});
