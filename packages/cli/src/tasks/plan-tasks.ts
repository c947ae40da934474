import { type Plan, type PlannedDataset, type PlannedRun, stageCommand, type StageName } from '@bakeoff/core';
import { isFinished, type PlanState } from '../plans/plan-state.ts';
import { estimateMemoryBytes } from './estimate-memory.ts';
import type { Task } from './task.ts';

export interface TaskOptions {
  readonly store: string;
  /** Given on to the stages they concern. */
  readonly engine: string;
  readonly archive?: string;
  readonly cacheFolder: string;
}

/** Memory of a process that only reads and writes records. */
const SMALL_BYTES = 150 * 2 ** 20;
/** Reading, splitting and writing all of CIFAR-10 stays below this. */
const DATA_PREP_BYTES = 500 * 2 ** 20;

/** What a plan still needs, given what its store holds: whatever is not there, and then a report of all that is. */
export function planTasks(plan: Plan, state: PlanState, options: TaskOptions): Task[] {
  const label = runLabeler(plan);
  const pending = plan.runs.filter(({ runId }) => !isFinished(state.runs.get(runId) ?? {}));
  if (pending.length === 0 && state.reported) return [];
  const needed = new Set(pending.map(({ datasetId }) => datasetId));
  const dataPrep = plan.datasets
    .filter(({ datasetId }) => needed.has(datasetId) && !state.preparedDatasets.has(datasetId))
    .map((dataset) => dataPrepTask(plan, dataset, options));
  const prepared = (run: PlannedRun) =>
    dataPrep.map(({ id }) => id).filter((id) => id === taskId('data-prep', run.datasetId));
  const trained = (run: PlannedRun) => state.runs.get(run.runId)?.record !== undefined;
  const train = pending
    .filter((run) => !trained(run))
    .map((run) => runTask('train', plan, run, label(run), options, prepared(run)));
  const evaluate = pending.map((run) =>
    runTask('evaluate', plan, run, label(run), options, trained(run) ? prepared(run) : [taskId('train', run.runId)]),
  );
  const compare = { ...recordTask('compare', plan, options), follows: evaluate.map(({ id }) => id) };
  const report = { ...recordTask('report', plan, options), follows: [compare.id] };
  return [...dataPrep, ...train, ...evaluate, compare, report];
}

/** One stage's tasks for everything in a plan, whatever the store holds. */
export function stageTasks(stage: StageName, plan: Plan, options: TaskOptions): Task[] {
  if (stage === 'data-prep') return plan.datasets.map((dataset) => dataPrepTask(plan, dataset, options));
  const label = runLabeler(plan);
  if (stage === 'train' || stage === 'evaluate')
    return plan.runs.map((run) => runTask(stage, plan, run, label(run), options));
  return [recordTask(stage, plan, options)];
}

function taskId(stage: StageName, subject: string): string {
  return `${stage}:${subject}`;
}

/** "resnet20", or "resnet20 · seed 2" where the plan repeats recipes with several seeds. */
function runLabeler(plan: Plan): (run: PlannedRun) => string {
  const repeated = new Set(plan.runs.map(({ recipeId }) => recipeId)).size < plan.runs.length;
  return ({ experiments: [experiment], runId, seed }) => `${experiment ?? runId}${repeated ? ` · seed ${seed}` : ''}`;
}

function dataPrepTask(plan: Plan, dataset: PlannedDataset, options: TaskOptions): Task {
  const { datasetId, config } = dataset;
  const command = [
    ...stageCommand('data-prep', { planId: plan.planId, store: options.store, datasetId }),
    ...(options.archive === undefined ? [] : ['--archive', options.archive]),
    '--cache',
    options.cacheFolder,
  ];
  return { ...blank('data-prep', datasetId), label: config.source, command, memoryBytes: DATA_PREP_BYTES };
}

function runTask(
  stage: 'train' | 'evaluate',
  plan: Plan,
  run: PlannedRun,
  label: string,
  options: TaskOptions,
  requires: readonly string[] = [],
): Task {
  const images = plan.datasets.find(({ datasetId }) => datasetId === run.datasetId)?.images ?? {
    train: 0,
    validation: 0,
    test: 0,
  };
  // Forward and backward are about three forward passes; an evaluation is started as soon as it can be, ahead of trainings.
  const work =
    stage === 'train' ? run.macs * (3 * images.train + images.validation) * run.recipe.maxEpochs : Number.MAX_VALUE;
  return {
    ...blank(stage, run.runId),
    label,
    command: [
      ...stageCommand(stage, { planId: plan.planId, store: options.store, runId: run.runId }),
      '--engine',
      options.engine,
    ],
    requires,
    cores: stage === 'train' ? run.recipe.replicas : 1,
    memoryBytes: estimateMemoryBytes(stage, run, images),
    work,
  };
}

function recordTask(stage: 'compare' | 'report', plan: Plan, options: TaskOptions): Task {
  return {
    ...blank(stage, plan.planId),
    label: plan.name,
    command: stageCommand(stage, { planId: plan.planId, store: options.store }),
  };
}

function blank(stage: StageName, subject: string): Task {
  return {
    id: taskId(stage, subject),
    stage,
    label: subject,
    command: [],
    requires: [],
    follows: [],
    cores: 1,
    memoryBytes: SMALL_BYTES,
    work: 0,
  };
}
