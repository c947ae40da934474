import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  keys,
  MemoryStore,
  parseManifest,
  planManifest,
  readJson,
  type StageContext,
  standardPrices,
  type TrainingMeasurement,
  trainingMeasurementSchema,
} from '@bakeoff/core';
import { fingerprintSource } from '@bakeoff/data-prep';
import { describeModel } from '@bakeoff/model/architectures';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { vocabulary } from '../plans/vocabulary.ts';
import type { performStage as PerformStage } from './perform-stage.ts';

// The only fake: an engine that claims to be the GPU engine.
let performStage: typeof PerformStage;
beforeAll(async () => {
  // Other test files share this worker's modules, and may have loaded the real ones.
  vi.resetModules();
  vi.doMock('../machine/open-engine.ts', async () => {
    const { loadEngine } = await import('@bakeoff/engine');
    return { openEngine: async () => ({ ...(await loadEngine('wasm')), name: 'tensorflow-gpu' }) };
  });
  ({ performStage } = await import('./perform-stage.ts'));
});
afterAll(() => {
  vi.doUnmock('../machine/open-engine.ts');
  vi.resetModules();
});

const MANIFEST = `name: measured
dataset: { source: synthetic, images: 40, testImages: 10, validation: 10 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, batchSize: 10, maxEpochs: 4, seeds: [1] }
experiments:
  - { id: plain, model: { type: resnet, blocks: [1], channels: [4], firstChannels: 4 } }
`;

/** Writes checkpoints slowly, so that the training lasts until the GPU has been read. */
class SlowStore extends MemoryStore {
  override async put(key: string, body: Uint8Array): Promise<void> {
    if (key.includes('/checkpoints/')) await new Promise((resolve) => setTimeout(resolve, 250));
    await super.put(key, body);
  }
}

let folder: string;
const path = process.env['PATH'];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-gpu-'));
  await writeFile(join(folder, 'nvidia-smi'), '#!/bin/sh\necho "0, GPU-1, 550.54.15, 23028, 1843, 62, NVIDIA A10G"\n');
  await chmod(join(folder, 'nvidia-smi'), 0o755);
  process.env['PATH'] = `${folder}:${path}`;
});
afterAll(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true });
});

it('a training on the GPU engine is measured with its GPU: name, driver, memory and utilization', async () => {
  const store = new SlowStore();
  const context: StageContext = {
    store,
    log: () => undefined,
    signal: new AbortController().signal,
    clock: { nowMs: () => Date.now(), elapsedMs: () => performance.now() },
  };
  const plan = await planManifest(parseManifest(MANIFEST, { fileName: 'measured.yaml', vocabulary }), {
    sources: vocabulary.sources,
    fingerprint: (config) => fingerprintSource(config, { cacheFolder: folder }, context),
    describeModel,
  });
  const [dataset] = plan.datasets;
  const [run] = plan.runs;
  if (dataset === undefined || run === undefined) throw new Error('the manifest has a dataset and a run');
  const options = { archives: {}, cacheFolder: folder, engine: 'tensorflow-gpu', prices: standardPrices } as const;
  await performStage({ stage: 'data-prep', dataset }, plan, options, context);
  await performStage({ stage: 'train', run }, plan, options, context);
  const measurements: TrainingMeasurement[] = [];
  for await (const { key } of store.list(keys.runMeasurements(run.runId)))
    measurements.push((await readJson(store, key, trainingMeasurementSchema))!);
  expect(measurements).toHaveLength(1);
  expect(measurements[0]?.engine.hardware).toMatchObject({
    gpu: 'NVIDIA A10G',
    gpuDriver: '550.54.15',
    gpuMemoryMib: 23_028,
  });
  expect(measurements[0]?.gpu).toMatchObject({ peakMemoryMib: 1843, meanUtilization: 0.62 });
});
