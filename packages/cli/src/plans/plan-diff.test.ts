import { keys, MemoryStore, type Plan, writePlan } from '@bakeoff/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { planText } from '../testing/plan-text.ts';
import { NOTHING_DONE, type PlanState } from './plan-state.ts';
import type { RunFate } from './plan-diff.ts';
import { readPlanDiff } from './read-plan-diff.ts';

const MANIFEST = `name: two
dataset: { source: synthetic, images: 60, testImages: 20, validation: 20 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, maxEpochs: 2, seeds: [1] }
experiments:
  - { id: a, model: { type: cifarnet } }
  - { id: b, model: { type: resnet, blocks: [1], channels: [4], firstChannels: 4 } }
`;
let store: MemoryStore;

beforeEach(async () => {
  store = new MemoryStore();
  await train(await planText(MANIFEST));
});

/** As a finished `bakeoff run` leaves the store, as far as differences look at it. */
async function train(plan: Plan): Promise<void> {
  await writePlan(store, plan);
  for (const { runId } of plan.runs) await store.put(keys.runRecord(runId), new TextEncoder().encode('{}'));
}

const stateOf = (finished: Plan): PlanState => ({
  ...NOTHING_DONE,
  runs: new Map(finished.runs.map(({ runId }) => [runId, { record: {}, evaluations: [{}] } as never])),
});

async function fates(text: string, state = NOTHING_DONE, sha256?: string): Promise<Record<string, RunFate>> {
  const { runs } = await readPlanDiff(store, await planText(text, sha256), state);
  return Object.fromEntries(runs.map(({ run, fate }) => [`${run.experiments[0]} ${run.seed}`, fate]));
}

const change = (setting: string, from: string, to: string, because: string) => ({
  kind: 'changed',
  changes: [{ setting, from, to, because: `a new run, as ${because}` }],
});

describe('what a changed manifest redoes', () => {
  it('is a new run for every changed setting, with the setting and the reason', async () => {
    const more = await fates(MANIFEST.replace('maxEpochs: 2', 'maxEpochs: 3'));
    expect(more['a 1']).toEqual(change('maxEpochs', '2', '3', 'schedules depend on it'));
    expect(more['b 1']).toEqual(more['a 1']);
    const split = await fates(MANIFEST.replace('validation: 20', 'validation: 30'));
    expect(split['a 1']).toEqual(change('dataset.validation', '20', '30', 'it sees other images'));
    const other = await fates(MANIFEST, NOTHING_DONE, '1'.repeat(64));
    expect(other['a 1']).toMatchObject({ changes: [{ setting: 'dataset images', to: '1'.repeat(12) }] });
  });

  it('names a setting that a release added, which plans without it do not hold', async () => {
    const smoothed = await fates(MANIFEST.replace('maxEpochs', 'labelSmoothing: 0.1, maxEpochs'));
    expect(smoothed['a 1']).toEqual(change('labelSmoothing', '0', '0.1', 'it changes how it is trained'));
  });

  it('is only what changed: finished runs are kept, and a further seed is a run of its own', async () => {
    const state = stateOf(await planText(MANIFEST));
    const seeds = await fates(MANIFEST.replace('[1]', '[1, 2]'), state);
    expect(seeds['a 1']).toEqual({ kind: 'kept' });
    expect(seeds['a 2']).toEqual(change('seed', '1', '2', 'it starts from other weights'));
    const rate = await fates(MANIFEST.replace('id: b,', 'id: b, batchSize: 16,'), state);
    expect(rate['a 1']).toEqual({ kind: 'kept' });
    expect(rate['b 1']).toEqual(change('batchSize', '32', '16', 'it changes every step'));
  });

  it('compares with the trained run that differs least', async () => {
    await train(await planText(MANIFEST.replace('maxEpochs: 2', 'maxEpochs: 4').replace('1e-3', '5e-3')));
    const between = await fates(MANIFEST.replace('maxEpochs: 2', 'maxEpochs: 4'));
    expect(between['a 1']).toMatchObject({ kind: 'changed', changes: [{}] });
  });

  it('says what is new, what is no longer asked for, and what was begun', async () => {
    const plan = await planText(MANIFEST.replace('id: b', 'id: c'));
    const { runs, dropped, hasEarlier } = await readPlanDiff(store, plan, NOTHING_DONE);
    // The run itself is that of b under another name: an earlier plan asked for it.
    expect(runs.map(({ fate }) => fate.kind)).toEqual(['unfinished', 'unfinished']);
    expect(dropped).toEqual(['b']);
    expect(hasEarlier).toBe(true);
    // The plan itself is no earlier one, though it may have been kept.
    await writePlan(store, plan);
    expect(await readPlanDiff(store, plan, NOTHING_DONE)).toMatchObject({ dropped: ['b'], hasEarlier: true });
    const other = await readPlanDiff(new MemoryStore(), plan, NOTHING_DONE);
    expect(other).toMatchObject({ dropped: [], hasEarlier: false });
    expect(other.runs.map(({ fate }) => fate.kind)).toEqual(['new', 'new']);
  });

  it('says that only the evaluation is missing', async () => {
    const plan = await planText(MANIFEST);
    const [first] = plan.runs;
    const state = {
      ...NOTHING_DONE,
      runs: new Map([[first!.runId, { record: {}, evaluations: [undefined] } as never]]),
    };
    expect((await fates(MANIFEST, state))['a 1']).toEqual({ kind: 'evaluated' });
  });
});
