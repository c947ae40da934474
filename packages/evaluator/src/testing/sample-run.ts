import {
  type DatasetIndex,
  type EngineDescription,
  encodeSafetensors,
  type EvaluationRecord,
  keys,
  MemoryStore,
  PLAIN_EVALUATION,
  type ModelConfig,
  type PlannedRun,
  Random,
  type RunRecord,
  sha256,
  type SplitEntry,
  type SplitName,
  type StageEvent,
  type Store,
  writeShard,
} from '@bakeoff/core';
import { createNetwork } from '@bakeoff/model';
import type { Engine } from '@bakeoff/engine';
import { evaluateRun } from '../run/evaluate-run.ts';

/** Small enough for fast tests: 8×8 images of three classes. */
const IMAGE_SHAPE = [8, 8, 3] as const;
const CLASSES = ['cat', 'dog', 'ship'];
const COUNTS = { train: 0, validation: 40, test: 300 } as const;
const DESCRIPTION: EngineDescription = {
  name: 'wasm',
  build: 'test',
  versions: {},
  hardware: { processor: 'test', cores: 1, memoryMib: 1 },
  bakeoffVersion: '0',
  codeRevision: '0',
};
const TINY_RESNET: ModelConfig = {
  type: 'resnet',
  blocks: [1, 1],
  channels: [4, 8],
  firstChannels: 4,
  shortcut: 'A',
  batchNorm: true,
  dropout2d: 0,
};

async function writeSplit(store: Store, split: SplitName, count: number, random: Random): Promise<SplitEntry> {
  if (count === 0) return { count, countsPerClass: [0, 0, 0], shards: [] };
  const size = IMAGE_SHAPE.reduce((product, extent) => product * extent, 1);
  const images = Uint8Array.from({ length: count * size }, () => random.integer(256));
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES.length);
  const ids = Int32Array.from({ length: count }, (_, i) => i);
  const shard = await writeShard(store, keys.shard('sample', split, 0), { images, ids, labels }, IMAGE_SHAPE);
  const countsPerClass = CLASSES.map((_, c) => Math.ceil((count - c) / CLASSES.length));
  return { count, countsPerClass, shards: [shard] };
}

export interface SampleRun {
  readonly store: MemoryStore;
  readonly index: DatasetIndex;
  readonly run: PlannedRun;
  readonly record: RunRecord;
}

/** A store with a prepared dataset and a run's weights, as they were initialized. Call after an engine is loaded. */
export async function makeSampleRun(model: ModelConfig = TINY_RESNET): Promise<SampleRun> {
  const store = new MemoryStore();
  const random = new Random(7);
  const splits = {} as Record<SplitName, SplitEntry>;
  for (const split of ['train', 'validation', 'test'] as const)
    splits[split] = await writeSplit(store, split, COUNTS[split], random.split(split));
  const index = {
    formatVersion: 1,
    datasetId: 'sample',
    classes: CLASSES,
    imageShape: IMAGE_SHAPE,
    splits,
  } as unknown as DatasetIndex;
  const network = createNetwork(model, { imageShape: IMAGE_SHAPE, classes: CLASSES.length });
  network.initialize(random.split('weights'));
  const body = encodeSafetensors(network.state());
  network.dispose();
  const entry = { key: keys.runModel('run', sha256(body)), bytes: body.length, sha256: sha256(body) };
  await store.put(entry.key, body);
  const normalization = { mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.25] };
  const run = { runId: 'run', datasetId: 'sample', recipe: { model, normalization } } as unknown as PlannedRun;
  const epochs = [
    { epoch: 1, trainAccuracy: 0.25 },
    { epoch: 2, trainAccuracy: 0.75 },
    { epoch: 3, trainAccuracy: 1 },
  ];
  const record = { status: 'finished', epochs, imagesSeen: 1000, bestEpoch: 2, model: entry } as unknown as RunRecord;
  return { store, index, run, record };
}

/** Calls `evaluateRun` as the command line would. */
export function callEvaluateRun(
  { store, index, run, record }: SampleRun,
  engine: Engine,
  {
    attemptId = 'attempt',
    onEvent = (_event: StageEvent): unknown => undefined,
    signal = new AbortController().signal,
    evaluation = PLAIN_EVALUATION,
  } = {},
): Promise<EvaluationRecord | null> {
  const clock = { nowMs: () => Date.now(), elapsedMs: () => performance.now() };
  return evaluateRun(
    { run, evaluation, record, index, attemptId, description: DESCRIPTION },
    { store, signal, clock, engine, log: onEvent },
  );
}
