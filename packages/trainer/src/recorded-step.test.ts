import { decodeSafetensors, MemoryStore, type Recipe } from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import type { Engine } from '@bakeoff/engine';
import { isInstalled } from '@bakeoff/engine/engines';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { callTrainRun, type SampleCall } from './testing/call-train-run.ts';
import { TRACED_DATASET, tracedRecipes } from './testing/recipe-cases.ts';
import { writeSampleDataset } from './testing/sample-dataset.ts';
import { sampleRun } from './testing/sample-run.ts';
import { signalAfter } from './testing/signal-after.ts';

interface Trace {
  readonly losses: readonly number[];
  readonly validationLosses: readonly number[];
}

const traces = JSON.parse(
  await readFile(new URL('testing/data/recipe-traces.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Trace>>;

const engine = 'tensorflow' as const;

async function openRun(recipe: Partial<Recipe>) {
  const store = new MemoryStore();
  const index = await writeSampleDataset(store, TRACED_DATASET);
  return { store, index, run: sampleRun(index, recipe) };
}

async function finish(call: SampleCall): Promise<Trace & { readonly weights: readonly number[] }> {
  const outcome = await callTrainRun(call);
  if (outcome.status !== 'finished') throw new Error(outcome.status);
  const { history, epochs, model } = outcome.record;
  const [steps, weights] = await Promise.all(
    [history, model!].map(async ({ key }) => decodeSafetensors(await storedBytes(call.store, key), key).tensors),
  );
  return {
    losses: [...steps!['loss']!.data],
    validationLosses: epochs.map(({ validationLoss }) => validationLoss),
    weights: Object.values(weights!).flatMap(({ data }) => [...data]),
  };
}

const eagerly = ({ createRecorder: _none, ...engine }: Engine): Engine => engine;

function distance(actual: readonly number[], expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
}

describe.runIf(isInstalled(engine))('recorded steps', () => {
  it.each(Object.entries(tracedRecipes))('follow PyTorch, and are the eager ones: %s', async (name, recipe) => {
    const warnings: string[] = [];
    const onEvent: SampleCall['onEvent'] = (event) => event.type === 'warning' && warnings.push(event.text);
    const recorded = await finish({ ...(await openRun(recipe)), engine, onEvent });
    const eager = await finish({ ...(await openRun(recipe)), engine, changeEngine: eagerly });
    expect(warnings).toEqual([]);
    for (const figures of ['losses', 'validationLosses'] as const) {
      expect(distance(recorded[figures], traces[name]![figures])).toBeLessThan(5e-6);
      expect(distance(recorded[figures], eager[figures])).toBeLessThan(1e-6);
    }
  });

  // The 15 recipes' graphs differ little, and each takes XLA seconds.
  it.each(['all options together', 'no decoupled decay of biases and norms'])(
    'follow PyTorch when XLA compiles them: %s',
    async (name) => {
      const compiled = await finish({ ...(await openRun(tracedRecipes[name]!)), engine, xla: true });
      for (const figures of ['losses', 'validationLosses'] as const)
        expect(distance(compiled[figures], traces[name]![figures])).toBeLessThan(5e-6);
    },
  );

  // Before steps are recorded, while they are, at an epoch's end, and in the epoch of the last checkpoint but one.
  it.each([1, 3, 7, 9])('go on where another attempt ended, after %i looks at the signal', async (reads) => {
    const recipe = tracedRecipes['all options together']!;
    const whole = await finish({ ...(await openRun(recipe)), engine });
    const call = { ...(await openRun(recipe)), engine };
    expect(await callTrainRun({ ...call, signal: signalAfter(reads) })).toMatchObject({ status: 'interrupted' });
    const resumed = await finish({ ...call, attemptId: 'b' });
    expect(distance(resumed.losses, whole.losses)).toBeLessThan(1e-6);
    expect(distance(resumed.weights, whole.weights)).toBeLessThan(1e-6);
  });
});
