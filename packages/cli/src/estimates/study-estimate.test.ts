import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Calibration,
  type EngineDescription,
  keys,
  MemoryStore,
  type Plan,
  type TrainingMeasurement,
  writeJson,
  writePlan,
} from '@bakeoff/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeMachine } from '../machine/engine-description.ts';
import { NOTHING_DONE } from '../plans/plan-state.ts';
import { buildInfo } from '../process/build-info.ts';
import { planTasks } from '../tasks/plan-tasks.ts';
import { planText } from '../testing/plan-text.ts';
import { keepCalibration } from './calibrations.ts';
import { estimateStudy, type StudyEstimate } from './study-estimate.ts';

const MANIFEST = `name: two
dataset: { source: synthetic, images: 60, testImages: 20, validation: 20 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, maxEpochs: 100, seeds: [1] }
experiments:
  - { id: a, model: { type: cifarnet } }
  - { id: b, model: { type: resnet20 } }
`;
const engine: EngineDescription = {
  name: 'wasm',
  build: 'native-avx2',
  versions: {},
  hardware: describeMachine(),
  bakeoffVersion: buildInfo.version,
  codeRevision: buildInfo.revision,
};
const calibration: Calibration = {
  formatVersion: 1,
  at: '2026-01-01T00:00:00.000Z',
  engine,
  sharing: 1.5,
  networks: [
    {
      macs: 40_000_000,
      activationBytes: 1,
      convolutionWeights: 1,
      batchSize: 32,
      trainingSeconds: 0.03,
      predictionSeconds: 0.01,
    },
  ],
};

/** Epochs of so many seconds each, and a second besides. */
function measurement(runId: string, epochSeconds: readonly number[], settings: Partial<TrainingMeasurement> = {}) {
  return {
    formatVersion: 1,
    runId,
    attemptId: 'try',
    engine,
    startedAt: '2026-01-01T00:00:00.000Z',
    firstStep: 0,
    lastStep: 1,
    outcome: 'finished',
    wallSeconds: epochSeconds.reduce((sum, seconds) => sum + seconds, 1),
    imagesPerSecond: 1,
    epochs: epochSeconds.map((wallSeconds, i) => ({ epoch: i + 1, wallSeconds, imagesPerSecond: 1 })),
    peakMemoryBytes: 1,
    ...settings,
  } satisfies TrainingMeasurement;
}

let plan: Plan;
let store: MemoryStore;
let cacheFolder: string;
let calibrated: string;

beforeAll(async () => {
  plan = await planText(MANIFEST);
  cacheFolder = await mkdtemp(join(tmpdir(), 'bakeoff-estimates-'));
  calibrated = join(cacheFolder, 'calibrated');
  await keepCalibration(calibrated, calibration);
});
beforeEach(() => void (store = new MemoryStore()));
afterAll(() => rm(cacheFolder, { recursive: true }));

function estimate(of: Plan, cache = cacheFolder, jobs = 1): Promise<StudyEstimate> {
  const tasks = planTasks(of, NOTHING_DONE, { store: store.url, engine: 'auto', archives: {}, cacheFolder: cache });
  return estimateStudy(of, NOTHING_DONE, tasks, { store, cacheFolder: cache, engine: 'auto', jobs });
}

const keep = (of: TrainingMeasurement): Promise<void> =>
  writeJson(store, keys.runMeasurement(of.runId, of.attemptId), of);

describe('the estimate of a study', () => {
  it('is unknown on a machine of which nothing is known', async () => {
    expect(await estimate(plan)).toMatchObject({
      seconds: null,
      trainingSeconds: null,
      trainings: { measured: 0, calibrated: 0, unknown: 2 },
      isUpperBound: false,
    });
  });

  it('rests on the last calibration, in proportion to MACs, and on how much cores slow each other down', async () => {
    const { runSeconds, seconds, trainings, atOnce } = await estimate(plan, calibrated);
    const [cifarnet, resnet] = plan.runs.map(({ runId }) => runSeconds.get(runId)!);
    expect(trainings).toEqual({ measured: 0, calibrated: 2, unknown: 0 });
    // 100 epochs of 40 training and 20 validation images.
    const perMac = (100 * (40 * 0.03 + 20 * 0.01)) / 40e6;
    expect(cifarnet).toBeCloseTo(perMac * plan.runs[0]!.macs, 9);
    expect(resnet).toBeCloseTo(perMac * plan.runs[1]!.macs, 9);
    expect(atOnce).toBe(1);
    expect(seconds).toBeGreaterThan(cifarnet! + resnet!);
    const together = await estimate(plan, calibrated, 2);
    expect(together.atOnce).toBe(2);
    expect(together.runSeconds.get(plan.runs[1]!.runId)).toBeCloseTo(1.5 * resnet!, 9);
    expect(together.seconds!).toBeLessThan(together.trainingSeconds!);
  });

  it('rests on trainings of the same network before that, of another plan and for other numbers of epochs too', async () => {
    const earlier = await planText(MANIFEST.replace('maxEpochs: 100', 'maxEpochs: 3'));
    await writePlan(store, earlier);
    // The first epoch of an attempt that resumed may be part of one, and the slowest one had a guest.
    await keep(measurement(earlier.runs[1]!.runId, [0.1, 2, 2, 90], { firstStep: 5, wallSeconds: 94.1 + 3 }));
    const { trainings, runSeconds } = await estimate(plan, calibrated);
    expect(trainings).toEqual({ measured: 1, calibrated: 1, unknown: 0 });
    expect(runSeconds.get(plan.runs[1]!.runId)).toBeCloseTo(100 * 2 + 3, 9);
  });

  it('does not rest on what another machine, build or engine did', async () => {
    const { runId } = plan.runs[0]!;
    for (const other of [
      { hardware: { ...engine.hardware, processor: 'another' } },
      { codeRevision: 'another' },
      { name: 'cpu' },
    ]) {
      await keep(measurement(runId, [1], { engine: { ...engine, ...other } }));
      expect((await estimate(plan)).trainings.measured).toBe(0);
    }
    await keep(measurement(runId, [1]));
    expect((await estimate(plan)).trainings.measured).toBe(1);
  });

  it('is an upper bound where trainings may stop early', async () => {
    const stopping = await planText(MANIFEST.replace('maxEpochs', 'earlyStopping: { patience: 3 }, maxEpochs'));
    expect((await estimate(stopping, calibrated)).isUpperBound).toBe(true);
  });

  it('counts what the store will hold', async () => {
    const { bytes } = await estimate(plan);
    const weights = plan.runs.reduce((sum, { parameters }) => sum + 4 * parameters, 0);
    // One training at a time has two checkpoints of the larger network, with its moments and its best weights.
    const checkpoints = 2 * 4 * 4 * Math.max(...plan.runs.map(({ parameters }) => parameters));
    const images = 80 * 32 * 32 * 3;
    expect(bytes).toBeGreaterThan(weights + checkpoints + images);
    expect(bytes).toBeLessThan(weights + checkpoints + images + 4e6);
  });
});
