import type { Plan } from '@bakeoff/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { NOTHING_DONE } from '../plans/plan-state.ts';
import { planText } from '../testing/plan-text.ts';
import { planTasks, stageTasks } from './plan-tasks.ts';

const MANIFEST = `name: two
dataset: { source: synthetic, images: 60, testImages: 20, validation: 20 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, maxEpochs: 2, seeds: [1] }
experiments:
  - { id: a, model: { type: cifarnet } }
  - { id: b, model: { type: resnet, blocks: [1], channels: [4], firstChannels: 4 } }
`;
const options = { store: './out', engine: 'auto', archives: {}, cacheFolder: '/cache' };
let plan: Plan;
let dataPrep: string;
let train: string[];
let evaluate: string[];

beforeAll(async () => {
  plan = await planText(MANIFEST);
  dataPrep = `data-prep:${plan.datasets[0]?.datasetId}`;
  train = plan.runs.map(({ runId }) => `train:${runId}`);
  evaluate = plan.runs.map(({ runId }) => `evaluate:${runId}`);
});

describe('planTasks', () => {
  it('goes from the datasets to the report, each run on its own', () => {
    const tasks = planTasks(plan, NOTHING_DONE, options);
    expect(tasks.map(({ id, requires, follows }) => [id, requires, follows])).toEqual([
      [dataPrep, [], []],
      [train[0], [dataPrep], []],
      [train[1], [dataPrep], []],
      [evaluate[0], [dataPrep, train[0]], []],
      [evaluate[1], [dataPrep, train[1]], []],
      [`compare:${plan.planId}`, [], evaluate],
      [`report:${plan.planId}`, [], [`compare:${plan.planId}`]],
    ]);
  });

  it('compares and reports nothing unless a training succeeds', () => {
    const tasks = planTasks(plan, NOTHING_DONE, options);
    const trainings = tasks.filter(({ work }) => work.stage === 'train').map(({ id }) => id);
    const needing = tasks.filter(({ requiresOneOf }) => requiresOneOf.length > 0);
    expect(needing.map(({ work, requiresOneOf }) => [work.stage, requiresOneOf])).toEqual([
      ['compare', trainings],
      ['report', trainings],
    ]);
  });

  it('leaves out finished work, and does not wait for it', () => {
    const [first, second] = plan.runs;
    const state = {
      ...NOTHING_DONE,
      runs: new Map([
        [first?.runId ?? '', { record: {}, evaluations: [{}] } as never],
        [second?.runId ?? '', { record: {} } as never],
      ]),
    };
    const tasks = planTasks(plan, state, options);
    // With one run's results, the others may fail.
    expect(tasks.flatMap(({ requiresOneOf }) => requiresOneOf)).toEqual([]);
    expect(tasks.map(({ id, requires }) => [id, requires])).toEqual([
      [dataPrep, []],
      [evaluate[1], [dataPrep]],
      [`compare:${plan.planId}`, []],
      [`report:${plan.planId}`, []],
    ]);
  });
});

describe('a task', () => {
  it('gets the options for sources only if it reads them, and the engine only if it computes', () => {
    const archives = { cifar10: 'a.tar.gz', mnist: 'digits' };
    const [dataset] = plan.datasets;
    const of = (config: object) => ({
      ...plan,
      datasets: [{ ...dataset!, config: { ...dataset!.config, ...config } }],
    });
    const commandOf = (stage: Parameters<typeof stageTasks>[0], config: object = {}): string =>
      stageTasks(stage, of(config), { ...options, archives, folder: 'study' })[0]
        ?.command.slice(3)
        .join(' ') ?? '';
    const { datasetId } = plan.datasets[0]!;
    const { runId } = plan.runs[0]!;
    const start = `--dataset ${datasetId} --store ./out`;
    expect(commandOf('data-prep')).toBe(`${start} --cache /cache`);
    expect(commandOf('data-prep', { source: 'cifar10' })).toBe(`${start} --archive a.tar.gz --cache /cache`);
    expect(commandOf('data-prep', { source: 'mnist' })).toBe(`${start} --archive mnist=digits --cache /cache`);
    expect(commandOf('data-prep', { source: 'image-folder', path: 'images' })).toBe(
      `${start} --cache /cache --folder study`,
    );
    expect(commandOf('train')).toBe(`--run ${runId} --store ./out --engine auto`);
    expect(commandOf('compare')).toBe('--store ./out');
  });

  it('counts as larger the more there is to compute; evaluations come first', () => {
    const efforts = planTasks(plan, NOTHING_DONE, options).map(({ effort }) => effort);
    const [, a = 0, b = 0, evaluation = 0] = efforts;
    expect(a).toBeGreaterThan(b);
    expect(evaluation).toBeGreaterThan(a);
  });
});
