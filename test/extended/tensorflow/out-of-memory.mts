// usage: node --import tsx out-of-memory.mts eager|recorded|xla
// Trains until the first epoch's end, then takes the process nearly all memory that it does not have yet (prlimit), so
// that TensorFlow's allocator finds none for the next step. Prints as JSON how the training ended, and how many calls of
// TensorFlow came after the epoch.
import { MemoryStore, type StageEvent, UserError } from '@bakeoff/core';
import { type EngineOptions, loadEngine } from '@bakeoff/engine';
import { countCalls } from '@bakeoff/tensorflow-kernels/testing';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { callTrainRun } from '../../../packages/trainer/src/testing/call-train-run.ts';
import { writeSampleDataset } from '../../../packages/trainer/src/testing/sample-dataset.ts';
import { sampleRun } from '../../../packages/trainer/src/testing/sample-run.ts';

/** Activations of 67 MB: more than what is left, and more than malloc keeps (32 MiB) when they are freed. */
const BATCH = 256;
const CHANNELS = 64;
const LEFT_BYTES = 48 * 2 ** 20;
const STEPS = 4;
const ways: Readonly<Record<string, EngineOptions>> = { eager: { eager: true }, recorded: {}, xla: { xla: true } };

function takeMemory(): void {
  const [pages] = readFileSync('/proc/self/statm', 'utf8').split(' ');
  const limit = Number(pages) * 4096 + LEFT_BYTES;
  execFileSync('prlimit', [`--pid=${process.pid}`, `--as=${limit}:${limit}`]);
}

const store = new MemoryStore();
const index = await writeSampleDataset(store, { train: STEPS * BATCH, validation: 8, size: 32 });
const run = sampleRun(index, {
  model: { type: 'resnet', blocks: [1], channels: [CHANNELS], dropout2d: 0 },
  batchSize: BATCH,
});
const engine = await loadEngine('tensorflow', ways[process.argv[2]!]);
const counted = countCalls();
let callsBefore: number | undefined;
const onEvent = (event: StageEvent): void => {
  if (callsBefore !== undefined || event.type !== 'progress' || event.figures?.['validationAccuracy'] === undefined)
    return;
  takeMemory();
  callsBefore = counted();
};
const call = { store, index, run, engine: 'tensorflow', changeEngine: () => engine, onEvent } as const;
const ended: object = await callTrainRun(call).then(
  ({ status }) => ({ status }),
  (error: unknown) => (error instanceof UserError ? error.parts : { what: (error as Error).stack }),
);
console.log(JSON.stringify({ ...ended, calls: counted() - callsBefore! }));
