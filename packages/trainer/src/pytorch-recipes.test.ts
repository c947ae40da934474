import { decodeSafetensors, MemoryStore, type Recipe } from '@bakeoff/core';
import { storedBytes } from '@bakeoff/core/testing';
import { installedPeerEngines, nativeBuilds } from '@bakeoff/engine/testing';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { callTrainRun, type SampleCall } from './testing/call-train-run.ts';
import { TRACED_DATASET, tracedNetworks, tracedRecipes, tracedReluRecipe } from './testing/recipe-cases.ts';
import { writeSampleDataset } from './testing/sample-dataset.ts';
import { sampleRun } from './testing/sample-run.ts';

interface Trace {
  readonly losses: readonly number[];
  readonly learningRates: readonly number[];
  readonly validationLosses: readonly number[];
}

const traces = JSON.parse(
  await readFile(new URL('testing/data/recipe-traces.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Trace>>;

/** The whole training of a recipe, as a run. */
async function traced(recipe: Partial<Recipe>, call: Partial<SampleCall> = {}): Promise<Trace> {
  const store = new MemoryStore();
  const index = await writeSampleDataset(store, TRACED_DATASET);
  const outcome = await callTrainRun({ store, index, run: sampleRun(index, recipe), ...call });
  if (outcome.status !== 'finished') throw new Error(outcome.status);
  const { history, epochs } = outcome.record;
  const { tensors } = decodeSafetensors(await storedBytes(store, history.key), 'history');
  return {
    losses: [...tensors['loss']!.data],
    learningRates: [...tensors['learningRate']!.data],
    validationLosses: epochs.map(({ validationLoss }) => validationLoss),
  };
}

/** The largest difference of two lists of equal length. */
function distance(actual: readonly number[], expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
}

/** Relative: a ReLU whose input is within rounding of 0 changes the losses (see the traces of packages/model). */
const RELU_TOLERANCE = { firstTen: 3e-4, later: 1e-2 };

describe('52 steps of a network with ReLUs and several options', () => {
  it("follow PyTorch's", async () => {
    const { losses, learningRates, validationLosses } = await traced(tracedReluRecipe);
    const expected = traces['a network with ReLUs']!;
    expect(losses).toHaveLength(52);
    losses.forEach((loss, step) =>
      expect(Math.abs(loss / expected.losses[step]! - 1), `loss of step ${step}`).toBeLessThan(
        step < 10 ? RELU_TOLERANCE.firstTen : RELU_TOLERANCE.later,
      ),
    );
    expect(distance(learningRates, expected.learningRates)).toBeLessThan(5e-8);
    validationLosses.forEach((loss, epoch) =>
      expect(Math.abs(loss / expected.validationLosses[epoch]! - 1)).toBeLessThan(RELU_TOLERANCE.later),
    );
  });
});

describe('all options together', () => {
  const recipe = tracedRecipes['all options together']!;

  it('give the same bits on relaxed SIMD and on every native build', async () => {
    const expected = await traced(recipe, { build: 'relaxed-simd' });
    for (const build of nativeBuilds) expect(await traced(recipe, { build }), build).toEqual(expected);
  });

  it('differ by rounding alone on the other engines', async () => {
    const brief = { ...recipe, maxEpochs: 1 };
    const expected = await traced(brief);
    for (const engine of ['cpu', ...installedPeerEngines] as const) {
      const { losses, validationLosses } = await traced(brief, { engine });
      expect(distance(losses, expected.losses), engine).toBeLessThan(1e-6);
      expect(distance(validationLosses, expected.validationLosses), engine).toBeLessThan(1e-6);
    }
  });
});

describe.each(Object.entries({ ...tracedRecipes, ...tracedNetworks }))('%s', (name, recipe) => {
  it("follows PyTorch's training", async () => {
    const { losses, learningRates, validationLosses } = await traced(recipe);
    const expected = traces[name]!;
    expect(losses.length).toBeGreaterThanOrEqual(10);
    expect(distance(losses, expected.losses)).toBeLessThan(5e-6);
    expect(distance(learningRates, expected.learningRates)).toBeLessThan(5e-8);
    expect(distance(validationLosses, expected.validationLosses)).toBeLessThan(5e-6);
  });
});
