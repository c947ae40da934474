import {
  decodeSafetensors,
  keys,
  MemoryStore,
  type Monitor,
  readJson,
  type Recipe,
  type StageEvent,
  UserError,
  runConfigSchema,
  trainingMeasurementSchema,
} from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import { createNetwork, EngineImages, loadSplit, pixelTransform } from '@bakeoff/model';
import { eagerSteps, loadEngine } from '@bakeoff/engine';
import { testedNative } from '@bakeoff/engine/testing';
import { memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { callTrainRun, determinedObjects } from './testing/call-train-run.ts';
import { writeSampleDataset } from './testing/sample-dataset.ts';
import { sampleRun } from './testing/sample-run.ts';
import { validate } from './validate.ts';

const figuresOf = async (store: MemoryStore, key: string) => decodeSafetensors(await storedBytes(store, key)).tensors;

/** The training loss of the first epoch of a run with these changes to its recipe. */
async function firstLoss(changes: Partial<Recipe>): Promise<number | undefined> {
  const store = new MemoryStore();
  const index = await writeSampleDataset(store, { train: 24, validation: 8 });
  const outcome = await callTrainRun({ store, index, run: sampleRun(index, { maxEpochs: 1, ...changes }) });
  return outcome.status === 'finished' ? outcome.record.epochs[0]?.trainLoss : undefined;
}

describe('trainRun', () => {
  it('learns, and records every step and epoch', async () => {
    const store = new MemoryStore();
    const index = await writeSampleDataset(store, { train: 100, validation: 40 });
    const run = sampleRun(index, { maxEpochs: 4 });
    const events: StageEvent[] = [];
    const outcome = await callTrainRun({
      store,
      index,
      run,
      attemptId: 'first',
      onEvent: (event) => void events.push(event),
    });
    if (outcome.status !== 'finished') throw new Error(outcome.status);
    const { record } = outcome;
    expect(record).toMatchObject({
      runId: run.runId,
      stopReason: 'maxEpochs',
      steps: 52,
      imagesSeen: 400,
      parameters: 1,
      macs: 1,
    });
    expect(record.epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 13],
      [2, 26],
      [3, 39],
      [4, 52],
    ]);
    expect(record.epochs.at(-1)?.validationAccuracy).toBeGreaterThan(0.9);
    expect(record.epochs.at(-1)?.trainLoss).toBeLessThan(record.epochs[0]!.trainLoss / 2);

    const history = await figuresOf(store, record.history.key);
    expect([...(history['step']?.data ?? [])]).toEqual(Array.from({ length: 52 }, (_, i) => i + 1));
    expect([...(history['learningRate']?.data ?? [])].slice(0, 2)).toEqual(
      [0.01 * 0.1, 0.01 * ((0.1 + 0.9 / 13) * (0.1 + (0.9 * (1 + Math.cos(Math.PI / 52))) / 2))].map(Math.fround),
    );
    // Batches of 8, and a last batch of 4 in each epoch: the epoch's row is the mean over its images.
    const losses = [...(history['loss']?.data ?? [])].slice(0, 13);
    const mean = losses.reduce((sum, loss, i) => sum + loss * (i === 12 ? 4 : 8), 0) / 100;
    expect(record.epochs[0]?.trainLoss).toBeCloseTo(mean, 6);

    expect(await readJson(store, keys.runConfig(run.runId), runConfigSchema)).toMatchObject({
      recipe: run.recipe,
      seed: 1,
    });
    const measurement = await readJson(store, keys.runMeasurement(run.runId, 'first'), trainingMeasurementSchema);
    expect(measurement).toMatchObject({ outcome: 'finished', firstStep: 0, lastStep: 52 });
    expect(measurement?.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    const progress = events.filter((event) => event.type === 'progress');
    expect(progress.at(-1)).toMatchObject({
      label: run.runId,
      done: 52,
      total: 52,
      unit: 'steps',
      figures: { epoch: 4, validationAccuracy: record.epochs.at(-1)?.validationAccuracy },
    });
  });

  it('leaves no checkpoints behind, and returns the record without training when called again', async () => {
    const store = new MemoryStore();
    const index = await writeSampleDataset(store, { train: 24, validation: 8 });
    const run = sampleRun(index, { maxEpochs: 1 });
    const first = await callTrainRun({ store, index, run });
    const objects = await determinedObjects(store, run);
    expect([...objects.keys()].filter((key) => key.includes('/attempts/'))).toEqual([]);
    const events: StageEvent[] = [];
    const second = await callTrainRun({
      store,
      index,
      run,
      attemptId: 'b',
      onEvent: (event) => void events.push(event),
    });
    expect(second).toEqual(first);
    expect(events).toEqual([{ type: 'reused', what: 'run', id: run.runId }]);
    expect(await determinedObjects(store, run)).toEqual(objects);
  });

  it('chooses the epoch by macro F1 where the recipe says so, and records the scores by class only then', async () => {
    const store = new MemoryStore();
    // Its 40 validation images are 10 of each class, so balanced accuracy is accuracy.
    const index = await writeSampleDataset(store, { train: 24, validation: 40, contrast: 0.3 });
    const rowsOf = async (selection: Monitor) => {
      const outcome = await callTrainRun({ store, index, run: sampleRun(index, { maxEpochs: 4, selection }) });
      if (outcome.status !== 'finished') throw new Error(outcome.status);
      return outcome.record;
    };
    const { epochs, bestEpoch } = await rowsOf('validationMacroF1');
    const scores = epochs.map(({ validationMacroF1 }) => validationMacroF1!);
    expect(bestEpoch).toBe(scores.indexOf(Math.max(...scores)) + 1);
    epochs.forEach(({ validationAccuracy, validationBalancedAccuracy, validationMacroF1 }) => {
      expect(validationBalancedAccuracy).toBeCloseTo(validationAccuracy, 12);
      expect(validationMacroF1).toBeLessThanOrEqual(validationAccuracy + 0.15);
      expect(validationMacroF1).toBeGreaterThan(0);
    });
    const plain = (await rowsOf('validationLoss')).epochs;
    expect(plain).toEqual(
      epochs.map(({ validationBalancedAccuracy: _balanced, validationMacroF1: _macroF1, ...row }) => row),
    );
  });

  it('keeps the best epoch: its weights give the validation loss of its row', async () => {
    const store = new MemoryStore();
    // Pure noise: training overfits, validation gets worse, patience runs out.
    const index = await writeSampleDataset(store, { train: 48, validation: 40, contrast: 0 });
    const run = sampleRun(index, {
      maxEpochs: 30,
      schedule: { type: 'constant', warmupEpochs: 0, warmupFactor: 1 },
      earlyStopping: { monitor: 'validationLoss', patience: 2, minDelta: 0 },
    });
    const outcome = await callTrainRun({ store, index, run });
    if (outcome.status !== 'finished') throw new Error(outcome.status);
    const { epochs, bestEpoch, stopReason, model } = outcome.record;
    const losses = epochs.map(({ validationLoss }) => validationLoss);
    expect(stopReason).toBe('earlyStopping');
    expect(bestEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1);
    expect(epochs.length).toBe(bestEpoch! + 2);

    const network = createNetwork(run.recipe.model, { imageShape: index.imageShape, classes: 4 });
    network.loadState(await figuresOf(store, model?.key ?? ''), 'model');
    const split = await loadSplit(store, index, 'validation');
    const pixels = pixelTransform(run.recipe.normalization, index);
    const images = new EngineImages(split.images, [split.count, ...index.imageShape], pixels);
    const measured = await validate(
      network,
      { images, labels: split.labels },
      { recorder: eagerSteps, inGroups: true, signal: new AbortController().signal, readInterval: 1 },
    );
    expect(measured?.loss).toBe(Math.min(...losses));
    images.dispose();
    network.dispose();
  });

  it('ends as diverged, with its history, when the loss is no longer a number', async () => {
    const store = new MemoryStore();
    const index = await writeSampleDataset(store, { train: 64, validation: 8 });
    const sgd = {
      type: 'sgd',
      learningRate: 1e6,
      momentum: 0.9,
      nesterov: false,
      l2: 0.1,
      decayBiasAndNorm: true,
    } as const;
    const run = sampleRun(index, {
      optimizer: sgd,
      schedule: { type: 'constant', warmupEpochs: 0, warmupFactor: 1 },
      maxEpochs: 50,
    });
    const outcome = await callTrainRun({ store, index, run });
    if (outcome.status !== 'diverged') throw new Error(outcome.status);
    const { record } = outcome;
    const losses = (await figuresOf(store, record.history.key))['loss']?.data ?? [];
    expect(losses.length).toBe(record.steps);
    expect(losses.at(-1)).not.toSatisfy(Number.isFinite);
    expect([...losses].slice(0, -1)).toSatisfy((values: number[]) => values.every(Number.isFinite));
    expect(record.imagesSeen).toBe(record.steps * 8);
    expect(record.model === null).toBe(record.bestEpoch === null);
    expect((await readJson(store, keys.runMeasurement(run.runId, 'a'), trainingMeasurementSchema))?.outcome).toBe(
      'diverged',
    );
    expect(await callTrainRun({ store, index, run })).toEqual(outcome);
  });

  it('lets exactly one of two simultaneous trainers write the record', async () => {
    const store = new MemoryStore();
    const index = await writeSampleDataset(store, { train: 40, validation: 8 });
    const run = sampleRun(index);
    const [one, two] = await Promise.all(
      ['one', 'two'].map((attemptId) => callTrainRun({ store, index, run, attemptId })),
    );
    expect(one).toEqual(two);
    const solitary = new MemoryStore();
    await callTrainRun({
      store: solitary,
      index: await writeSampleDataset(solitary, { train: 40, validation: 8 }),
      run,
    });
    expect(await determinedObjects(store, run)).toEqual(await determinedObjects(solitary, run));
  });

  it('trains on view ((epoch - 1) mod views) + 1', async () => {
    const augmentation = { transforms: [{ type: 'grayscale', probability: 0.5 }], views: 2, seed: 3 } as const;
    class WatchedStore extends MemoryStore {
      readonly viewsRead: string[] = [];
      override get(key: string) {
        const view = /\/views\/[^/]+\/(\d+)\/train-000/.exec(key)?.[1];
        if (view !== undefined) this.viewsRead.push(view);
        return super.get(key);
      }
    }
    const store = new WatchedStore();
    const { augmentationId } = sampleRun({ datasetId: '' }, { augmentation });
    const index = await writeSampleDataset(store, {
      train: 24,
      validation: 8,
      views: 2,
      augmentationId: augmentationId!,
    });
    const outcome = await callTrainRun({ store, index, run: sampleRun(index, { augmentation, maxEpochs: 5 }) });
    expect(outcome.status).toBe('finished');
    expect(store.viewsRead).toEqual(['1', '2', '1', '2', '1']);
    const plain = await callTrainRun({ store, index, run: sampleRun(index, { maxEpochs: 5 }) });
    expect(plain).not.toMatchObject({
      record: { epochs: [{ trainLoss: outcome.status === 'finished' ? outcome.record.epochs[0]?.trainLoss : 0 }] },
    });
  });

  it('trains on views that are stored nowhere if transforms only move pixels', async () => {
    const moved = (seed: number) =>
      firstLoss({ augmentation: { transforms: [{ type: 'translate', pixels: 3, probability: 1 }], views: 1, seed } });
    expect(await moved(1)).toBe(await moved(1));
    expect(new Set([await moved(1), await moved(2), await firstLoss({})]).size).toBe(3);
  });

  it('trains if one image is left over for the last batch', async () => {
    const store = new MemoryStore();
    const index = await writeSampleDataset(store, { train: 17, validation: 1 });
    const outcome = await callTrainRun({ store, index, run: sampleRun(index, { maxEpochs: 2 }) });
    expect(outcome).toMatchObject({ status: 'finished', record: { steps: 4, imagesSeen: 34 } });
  });

  it('names a damaged shard and marks the attempt as failed', async () => {
    const store = new MemoryStore();
    const index = await writeSampleDataset(store, { train: 24, validation: 8 });
    const [shard] = index.splits.train.shards;
    const body = await storedBytes(store, shard!.key);
    body[500] = body[500]! ^ 1;
    await store.put(shard?.key ?? '', body);
    const run = sampleRun(index);
    await expect(callTrainRun({ store, index, run })).rejects.toThrow(shard?.key);
    await expect(callTrainRun({ store, index, run })).rejects.toBeInstanceOf(UserError);
    const attempt = await readJson(store, keys.runMeasurement(run.runId, 'a'), trainingMeasurementSchema);
    expect(attempt?.outcome).toBe('failed');
    expect(attempt?.failure).toContain(shard?.key);
    expect(attempt?.failure).not.toMatch(/^ +at /m);
  });

  it('refuses what it cannot do before it writes anything', async () => {
    const store = new MemoryStore();
    const index = await writeSampleDataset(store, { train: 24, validation: 8 });
    const run = sampleRun(index, { replicas: 2 });
    await expect(
      callTrainRun({ store, index, run, changeEngine: (engine) => ({ ...engine, name: 'tensorflow' }) }),
    ).rejects.toThrow(/replicas: 2.*--engine wasm/s);
    const two = sampleRun(index, { normalization: { mean: [0.5, 0.4], standardDeviation: [0.5, 0.5] } });
    await expect(callTrainRun({ store, index, run: two })).rejects.toThrow('2 means');
    for (const each of [run, two]) expect((await determinedObjects(store, each)).size).toBe(0);
  });

  it('holds tensors and heap constant over 2,000 steps', async () => {
    class SamplingStore extends MemoryStore {
      readonly samples: { tensors: number; bytes: number }[] = [];
      override async put(key: string, body: Uint8Array): Promise<void> {
        if (key.includes('/checkpoints/'))
          this.samples.push({ tensors: memory().numTensors, bytes: engine.memoryBytes() });
        await super.put(key, body);
      }
    }
    const engine = await loadEngine('wasm', { native: testedNative });
    const before = memory().numTensors;
    const store = new SamplingStore();
    const index = await writeSampleDataset(store, { train: 201, validation: 8 });
    const outcome = await callTrainRun({ store, index, run: sampleRun(index, { batchSize: 2, maxEpochs: 20 }) });
    expect(outcome).toMatchObject({ status: 'finished', record: { steps: 2000 } });
    const [first, ...rest] = store.samples;
    expect(rest.length).toBe(19);
    for (const sample of rest) expect(sample).toEqual(first);
    expect(memory().numTensors).toBe(before);
  });
});
