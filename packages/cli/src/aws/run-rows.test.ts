import { evaluationId, keys, MemoryStore, type Plan, type PlannedRun, type RunFailure, writeJson } from '@bakeoff/core';
import { sampleTrainingMeasurement } from '@bakeoff/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BatchJob } from './batch-jobs.ts';
import { describeEstimate } from './describe-estimate.ts';
import { requireBudget } from './require-budget.ts';
import { estimateCost } from './estimate-cost.ts';
import { readRunRows } from './run-rows.ts';

const run = (runId: string): PlannedRun => ({
  runId,
  recipeId: 'q',
  datasetId: 'd',
  experiments: ['a'],
  seed: 1,
  recipe: { batchSize: 10, maxEpochs: 5, model: { type: 'cifarnet' } } as PlannedRun['recipe'],
  augmentationId: null,
  parameters: 1,
  macs: 1e6,
});
const plan = {
  planId: 'p',
  runs: ['r0', 'r1', 'r2', 'r3', 'r4', 'r5'].map(run),
  datasets: [
    {
      datasetId: 'd',
      config: { source: 'cifar10' },
      imageShape: [32, 32, 3],
      classes: Array.from({ length: 10 }, String),
      images: { train: 100, validation: 10, test: 10 },
    },
  ],
} as unknown as Plan;
const job = (name: string, more: Partial<BatchJob>): BatchJob => ({
  jobId: name,
  name,
  status: 'RUNNING',
  createdAt: 0,
  attempts: 1,
  logs: [],
  executionId: 'e',
  ...more,
});

const measured = (startedAt: string, lastStep: number) =>
  sampleTrainingMeasurement({ startedAt, lastStep, imagesPerSecond: 10 });

let store: MemoryStore;

beforeEach(() => {
  store = new MemoryStore();
});

describe('readRunRows', () => {
  it('reads finished work from the store, and running work from Batch', async () => {
    await writeJson(store, keys.evaluationRecord(evaluationId('r0')), { formatVersion: 1 });
    const jobs = [
      job('train-r1', { attempts: 2 }),
      job('evaluate-r2', {}),
      job('train-r3', { status: 'RUNNABLE', statusReason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY' }),
      job('report', {}),
    ];
    const failures = new Map([['r4', { stage: 'train', reason: 'exit code 2' } as RunFailure]]);
    const rows = await readRunRows(store, plan, jobs, failures, 14 * 60_000);
    expect(rows[3]?.detail).toMatch(/; 14 min 00 s so far$/);
    expect(rows.map(({ state, detail }) => [state, detail.slice(0, 35)])).toEqual([
      ['evaluated', ''],
      ['training', 'attempt 2'],
      ['evaluating', ''],
      ['waiting', 'to train: EC2 has no free instance '],
      ['failed', 'train: exit code 2'],
      ['pending', ''],
    ]);
  });

  it('reads progress and the time left from the newest attempt’s measurement', async () => {
    await writeJson(store, keys.runMeasurement('r1', 'older'), measured('2026-01-01', 40));
    await writeJson(store, keys.runMeasurement('r1', 'newer'), measured('2026-01-02', 20));
    // 10 steps per epoch, 5 epochs: 20 of 50 steps are done, 300 images are left.
    expect((await readRunRows(store, plan, [job('train-r1', {})], new Map(), 0))[1]).toMatchObject({
      state: 'training',
      progress: 0.4,
      secondsLeft: 30,
    });
  });

  it('counts a run that has finished since as finished, despite its earlier failure', async () => {
    await writeJson(store, keys.evaluationRecord(evaluationId('r4')), { formatVersion: 1 });
    expect(
      (await readRunRows(store, plan, [], new Map([['r4', { stage: 'train', reason: 'x' } as RunFailure]]), 0))[4],
    ).toMatchObject({ state: 'evaluated', detail: '' });
  });
});

describe('estimateCost', () => {
  const prices = {
    date: '2026-01-01',
    region: 'us-east-1',
    source: '',
    hourly: { dear: { onDemand: 2, spot: 1 }, cheap: { onDemand: 0.9, spot: 0.5 } },
    fargate: { vcpuHour: 0.04, gibHour: 0.004 },
  };

  it('grows with epochs, images and arithmetic, on the cheapest instance type', () => {
    const hours = (change: Partial<PlannedRun>): number =>
      estimateCost(plan, [{ ...run('x'), ...change }], prices).trainingHours;
    const long = { batchSize: 10, maxEpochs: 5000, model: { type: 'cifarnet' } } as PlannedRun['recipe'];
    expect(hours({ recipe: long })).toBeGreaterThan(hours({}));
    expect(hours({ recipe: long, macs: 1e10 })).toBeGreaterThan(2 * hours({ recipe: long }));
    const estimate = estimateCost(plan, plan.runs, prices);
    expect(estimate).toMatchObject({ machine: 'cheap', pricesOf: '2026-01-01' });
    expect(estimate.onDemandDollars / estimate.spotDollars).toBeCloseTo(1.8, 9);
  });

  it('grows with depth, and says Spot and on demand, whose prices, and how old they are', () => {
    const deep = { type: 'resnet', blocks: [18, 18, 18], channels: [16, 32, 64] };
    const shallow = { type: 'resnet', blocks: [3, 3, 3], channels: [16, 32, 64] };
    const hours = (model: object): number =>
      estimateCost(
        plan,
        [{ ...run('x'), recipe: { batchSize: 10, maxEpochs: 5000, model } as PlannedRun['recipe'] }],
        prices,
      ).trainingHours;
    expect(hours(deep)).toBeGreaterThan(3 * hours(shallow));
    const estimate = estimateCost(plan, plan.runs, prices);
    const nowMs = Date.parse('2026-09-01');
    expect(describeEstimate(estimate, { region: 'eu-west-1', nowMs }).join('\n')).toMatch(
      /on Spot, \$[\d.]+ on demand[^]*us-east-1 prices of 2026-01-01 \(7 months old\), which are not those of eu-west-1/,
    );
    expect(describeEstimate(estimate, { region: 'us-east-1', nowMs })[1]).toMatch(/old\)$/);
  });

  it('is for a vCPU of Fargate without a GPU: slower, at a lower price per hour', () => {
    // So much arithmetic that starting an instance does not matter.
    const recipe = { batchSize: 10, maxEpochs: 5000, model: { type: 'cifarnet' } } as PlannedRun['recipe'];
    const large = plan.runs.map((each) => ({ ...each, recipe, macs: 1e9 }));
    const onGpu = estimateCost(plan, large, prices);
    const onCpu = estimateCost(plan, large, prices, 'cpu');
    expect(onCpu.machine).toBe('Fargate (1 vCPU, 8 GiB)');
    expect(onCpu.trainingHours).toBeGreaterThan(onGpu.trainingHours);
    expect(onCpu.onDemandDollars).toBeCloseTo(onCpu.trainingHours * (0.04 + 8 * 0.004), 9);
    expect(onCpu.longestHours).toBeCloseTo(onCpu.trainingHours / plan.runs.length, 9);
    expect(describeEstimate(onCpu, { region: 'us-east-1', nowMs: 0 })[0]).toMatch(/hours on Fargate \(1 vCPU, 8 GiB\)/);
  });

  it('refuses what could cost more than a limit, on demand', () => {
    const estimate = {
      ...estimateCost(plan, plan.runs, prices),
      spotDollars: 1,
      onDemandDollars: 3,
      fargateDollars: 0.5,
    };
    expect(() => requireBudget(estimate, 3.4)).toThrow(/could cost more than --max-dollars[^]*\$3\.50[^]*\$3\.40/);
    expect(() => requireBudget(estimate, 3.5)).not.toThrow();
    expect(() => requireBudget(estimate, undefined)).not.toThrow();
  });

  it('is close to zero if everything is finished', () => {
    expect(estimateCost(plan, [], prices)).toMatchObject({ trainingHours: 0, spotDollars: 0 });
    expect(estimateCost(plan, [], prices).fargateDollars).toBeLessThan(0.05);
  });
});
