import { augmentationId, type Clock, type DatasetIndex, type EngineDescription, type PlannedRun, type Recipe, recipeId, runId, type StageEvent, type Store } from '@bakeoff/core';
import { loadEngine } from '@bakeoff/model/engine';
import { trainRun, type TrainOutcome } from '../index.ts';

const RECIPE: Recipe = {
  model: { type: 'resnet', blocks: [1], channels: [8], firstChannels: 8, shortcut: 'A', batchNorm: true, dropout2d: 0.1 },
  optimizer: { type: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2: 1e-4 },
  schedule: { type: 'cosine', finalFactor: 0.1, warmupEpochs: 1, warmupFactor: 0.1 },
  batchSize: 8,
  maxEpochs: 3,
  earlyStopping: null,
  selection: 'validationLoss',
  normalization: { mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5] },
  augmentation: null,
  replicas: 1,
};

/** A small network's run on the dataset; `changes` to its recipe. */
export function sampleRun(index: DatasetIndex, changes: Partial<Recipe> = {}, seed = 1): PlannedRun {
  const recipe = { ...RECIPE, ...changes };
  const recipeName = recipeId(index.datasetId, recipe);
  return {
    runId: runId(recipeName, seed),
    recipeId: recipeName,
    datasetId: index.datasetId,
    experiments: ['sample'],
    seed,
    recipe,
    augmentationId: recipe.augmentation === null ? null : augmentationId(recipe.augmentation),
    parameters: 1,
    macs: 1,
  };
}

const DESCRIPTION: EngineDescription = { name: 'wasm', build: 'test', versions: {}, hardware: { processor: 'test', cores: 1, memoryMib: 1 }, bakeoffVersion: '0', codeRevision: '0' };

const systemClock: Clock = { nowMs: () => Date.now(), elapsedMs: () => performance.now() };

export interface SampleCall {
  readonly store: Store;
  readonly index: DatasetIndex;
  readonly run: PlannedRun;
  readonly attemptId?: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Given every event as it happens. */
  readonly onEvent?: (event: StageEvent) => void;
}

/** Calls `trainRun` on engine wasm as the command line would. */
export async function callTrainRun({ store, index, run, attemptId = 'a', signal = new AbortController().signal, clock = systemClock, onEvent = () => undefined }: SampleCall): Promise<TrainOutcome> {
  const engine = await loadEngine('wasm');
  return trainRun({ run, index, attemptId, description: DESCRIPTION }, { store, log: onEvent, signal, clock, engine });
}

/** Every object of the run by key, but what an attempt may have of its own (measurements). */
export async function determinedObjects(store: Store, { runId: id }: PlannedRun): Promise<Map<string, Uint8Array>> {
  const objects = new Map<string, Uint8Array>();
  for await (const { key } of store.list(`runs/${id}/`)) {
    const body = await store.get(key);
    if (body !== undefined && !key.includes('/measurements/')) objects.set(key, body);
  }
  return objects;
}
