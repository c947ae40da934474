import { keys, Random, UserError } from '@bakeoff/core';
import { expect, it } from 'vitest';
import { comparePlan } from './compare-plan.ts';
import { type MadeUpExperiment, makeUpContext, makeUpPlan } from '../testing/made-up-plan.ts';

/** `right` correct images, followed by wrong ones. */
const firstRight = (right: number, images = 200): Uint8Array =>
  Uint8Array.from({ length: images }, (_, i) => (i < right ? 1 : 0));

/** Experiment i classifies the first i images correctly. */
const many = (count: number): MadeUpExperiment[] =>
  Array.from({ length: count }, (_, i) => ({ id: `e${i}`, seeds: { 1: firstRight(i) } }));

async function compare(
  experiments: readonly MadeUpExperiment[],
  section = {},
): Promise<Awaited<ReturnType<typeof comparePlan>>> {
  const { plan, store } = await makeUpPlan(experiments, [section]);
  return comparePlan({ plan }, makeUpContext(store));
}

it('counts the four kinds of images and tests the discordant ones', async () => {
  const b = firstRight(150);
  b.fill(0, 0, 6);
  b.fill(1, 150, 151);
  const record = await compare([
    { id: 'a', seeds: { 1: firstRight(150) } },
    { id: 'b', seeds: { 1: b } },
  ]);
  const [pair] = record.sections[0]?.checkpoints ?? [];
  expect(pair?.counts).toEqual({ both: 144, onlyA: 6, onlyB: 1, neither: 49 });
  expect(pair?.difference).toBe(5 / 200);
  expect(pair?.pValue).toBeCloseTo((2 * (1 + 7)) / 2 ** 7, 14);
  expect(pair?.verdict).toBe('noEvidence');
});

it('gives each recipe its mean scores over the seeds, on test and validation images', async () => {
  const record = await compare([{ id: 'a', seeds: { 1: firstRight(100), 2: firstRight(140) }, validation: 0.8 }]);
  const [recipe] = record.sections[0]?.recipes ?? [];
  expect(recipe?.scores?.test.accuracy).toBeCloseTo(0.6, 14);
  expect(recipe?.scores?.test.balancedAccuracy).toBeCloseTo((0.75 + 0.85) / 2, 14);
  expect(recipe?.scores?.test.macroF1).toBeCloseTo((0.375 + 0.425) / 2, 14);
  expect(recipe?.scores?.validation).toEqual({ accuracy: 0.8, balancedAccuracy: 0.9, macroF1: 0.45 });
});

it('calls a checkpoint better only if the difference survives the correction for all pairs', async () => {
  const record = await compare([
    { id: 'a', seeds: { 1: firstRight(150) } },
    { id: 'b', seeds: { 1: firstRight(144) } },
    { id: 'c', seeds: { 1: firstRight(100) } },
    { id: 'd', seeds: { 1: firstRight(149) } },
  ]);
  const { checkpoints } = record.sections[0] ?? { checkpoints: [] };
  expect(checkpoints.map(({ a, b, verdict }) => `${a.experimentId} ${b.experimentId} ${verdict}`)).toEqual([
    'a b suggestive',
    'a c better',
    'a d noEvidence',
    'b c better',
    // 5 images differ, all in one direction: the interval excludes 0, the exact p is 2/2⁵.
    'b d suggestive',
    'c d worse',
  ]);
  // p = 2/2⁶ alone, times the three hypotheses not rejected before it.
  expect(checkpoints[0]?.pValue).toBeLessThan(0.05);
  expect(checkpoints[0]?.adjustedPValue).toBeGreaterThan(0.05);
});

it('tests recipes with at least three seeds on each side, and names what the verdict is about', async () => {
  const record = await compare([
    { id: 'steady', seeds: { 1: firstRight(150), 2: firstRight(152), 3: firstRight(151) } },
    { id: 'weak', seeds: { 1: firstRight(120), 2: firstRight(125), 3: firstRight(118), 4: firstRight(121) } },
    { id: 'twice', seeds: { 1: firstRight(10), 2: firstRight(11), 3: null } },
  ]);
  const { recipes, recipePairs, checkpoints } = record.sections[0] ?? { recipes: [], recipePairs: [], checkpoints: [] };
  expect(recipes[0]).toMatchObject({ experimentId: 'steady', seeds: [1, 2, 3], mean: 0.755 });
  expect(recipes[0]?.standardDeviation).toBeCloseTo(0.005, 14);
  expect(recipePairs.map(({ a, b, verdict }) => `${a.experimentId} ${b.experimentId} ${verdict}`)).toEqual([
    'steady weak better',
  ]);
  expect(checkpoints).toHaveLength(3);
  expect(record.warnings).toContain(
    'Section "Section": fewer than 3 seeds are evaluated of twice: what is said of them speaks of single checkpoints, not of recipes.',
  );
});

it('compares checkpoints of the lowest seed that both recipes have', async () => {
  const { sections } = await compare([
    { id: 'a', seeds: { 1: null, 2: firstRight(5), 3: firstRight(6) } },
    { id: 'b', seeds: { 1: firstRight(9), 3: firstRight(7) } },
    { id: 'c', seeds: { 8: firstRight(9) } },
  ]);
  expect(sections[0]?.checkpoints.map(({ a, b }) => [a.runId, b.runId])).toEqual([
    ['a-3', 'b-3'],
    ['a-2', 'c-8'],
    ['b-1', 'c-8'],
  ]);
});

it('lists runs without an evaluation and runs that diverged, but not the plan’s own warnings', async () => {
  const record = await compare([
    { id: 'a', seeds: { 1: firstRight(5), 2: null } },
    { id: 'gone', seeds: { 1: null } },
    { id: 'burst', seeds: { 1: firstRight(7) }, diverged: true },
  ]);
  expect(record.evaluations).toMatchObject({ 'a-2': null, 'gone-1': null });
  expect(record.sections[0]?.recipes.map(({ experimentId }) => experimentId)).toEqual(['a', 'burst']);
  // Not the plan's own warnings, which the plan has.
  expect(record.warnings.slice(0, 3)).toEqual([
    'Run a-2 (a, seed 2) has no evaluation: it is missing, failed, or diverged before an epoch ended. What is said of its recipe rests on the other seeds, if any.',
    'Run gone-1 (gone, seed 1) has no evaluation: it is missing, failed, or diverged before an epoch ended. What is said of its recipe rests on the other seeds, if any.',
    'Run burst-1 (burst, seed 1) diverged: what is compared are its best weights before that, of epoch 4.',
  ]);
});

it('refuses runs of different test sets, naming both datasets and the reason', async () => {
  const comparing = compare([
    { id: 'a', seeds: { 1: firstRight(5) } },
    { id: 'b', seeds: { 1: firstRight(5, 100) }, testSet: 'another' },
  ]);
  await expect(comparing).rejects.toThrow(UserError);
  await expect(comparing).rejects.toThrow(
    /comparing runs of different test sets is refused: .* a paired test needs the same images\n.*"a" \(run a-1: 200 test images of cifar10, dataset one, test set one test set\) and experiment "b" \(run b-1: 100 test images of cifar10, dataset another, test set another\)/,
  );
});

it('accepts different test sets in different sections', async () => {
  const experiments = [
    { id: 'a', seeds: { 1: firstRight(5) } },
    { id: 'b', seeds: { 1: firstRight(6) } },
    { id: 'c', seeds: { 1: firstRight(5, 100) }, testSet: 'another' },
    { id: 'd', seeds: { 1: firstRight(5, 100) }, testSet: 'another' },
  ];
  const { plan, store } = await makeUpPlan(experiments, [{ experiments: ['a', 'b'] }, { experiments: ['c', 'd'] }]);
  const { sections } = await comparePlan({ plan }, makeUpContext(store));
  expect(sections.map(({ checkpoints }) => checkpoints[0]?.images)).toEqual([200, 100]);
});

it('lets one experiment represent others with the same settings', async () => {
  const experiments = [
    { id: 'a', seeds: { 1: firstRight(5) } },
    { id: 'b', seeds: { 1: firstRight(7) } },
    { id: 'copy', recipe: 'a', seeds: { 1: firstRight(5) } },
  ];
  const record = await compare(experiments, { baseline: 'copy' });
  expect(record.sections[0]?.checkpoints.map(({ a, b }) => [a.experimentId, b.experimentId])).toEqual([['b', 'copy']]);
  expect(record.sections[0]?.recipes).toHaveLength(3);
  // The plan's own warnings say so.
  expect(record.warnings).toEqual([]);
});

it('lets the one with the most seeds represent experiments that differ only in seeds', async () => {
  const seeds = { 1: firstRight(5), 2: firstRight(6), 3: firstRight(8) };
  const record = await compare([
    { id: 'once', recipe: 'r', seeds: { 1: firstRight(5) } },
    { id: 'thrice', recipe: 'r', seeds },
    { id: 'other', seeds },
  ]);
  expect(record.sections[0]?.recipePairs.map(({ a, b }) => [a.experimentId, b.experimentId])).toEqual([
    ['thrice', 'other'],
  ]);
  expect(record.warnings).toContain(
    'Section "Section": once has the same settings as thrice, which stands for both in the comparisons.',
  );
});

const thrice = (right: number): Record<number, Uint8Array> => ({
  1: firstRight(right),
  2: firstRight(right),
  3: firstRight(right),
});

it('tests recipes whose accuracies never vary by the images alone', async () => {
  const { sections, warnings } = await compare([
    { id: 'a', seeds: thrice(20) },
    { id: 'b', seeds: thrice(20) },
    { id: 'c', seeds: thrice(90) },
  ]);
  expect(sections[0]?.recipePairs.map(({ verdict }) => verdict)).toEqual(['noEvidence', 'worse', 'worse']);
  expect(sections[0]?.recipes[0]?.standardDeviation).toBe(0);
  const { low, high } = sections[0]!.recipes[0]!.interval!;
  expect(low).toBeLessThan(0.08);
  expect(high).toBeGreaterThan(0.13);
  expect(warnings).toEqual([]);
});

it('calls a difference suggestive that the pair alone shows, and the correction does not', async () => {
  const { sections } = await compare([
    { id: 'a', seeds: { 1: firstRight(150) } },
    { id: 'b', seeds: { 1: firstRight(144) } },
    { id: 'c', seeds: { 1: firstRight(147) } },
  ]);
  const { checkpoints } = sections[0]!;
  // Alone p = 2/2⁶ for a and b.
  expect(checkpoints.map(({ verdict }) => verdict)).toEqual(['suggestive', 'noEvidence', 'noEvidence']);
  expect(checkpoints[0]!.interval.low).toBeGreaterThan(0);
  expect(checkpoints[0]!.adjustedPValue).toBeGreaterThan(0.05);
});

it('compares each recipe of a data set with the one chosen by validation only, across sections', async () => {
  const experiments: MadeUpExperiment[] = [
    // The best on the test images.
    { id: 'flattered', seeds: { 1: firstRight(160) }, validation: 0.7 },
    { id: 'chosen', seeds: { 1: firstRight(150) }, validation: 0.8 },
    { id: 'copy', recipe: 'chosen', seeds: { 1: firstRight(150) }, validation: 0.8 },
    { id: 'close', seeds: { 1: firstRight(143) }, validation: 0.75 },
    { id: 'guessing', seeds: { 1: firstRight(21) }, validation: 0.1 },
    { id: 'elsewhere', seeds: { 1: firstRight(50, 100) }, validation: 0.9, testSet: 'another' },
  ];
  const { plan, store } = await makeUpPlan(experiments, [
    { experiments: ['flattered', 'chosen'] },
    { experiments: ['copy', 'close', 'guessing'] },
    { experiments: ['elsewhere'] },
  ]);
  const { datasets } = await comparePlan({ plan }, makeUpContext(store));
  expect(datasets.map(({ datasetId, chosen, chance }) => [datasetId, chosen, chance])).toEqual([
    ['one', 'chosen', 0.1],
    ['another', 'elsewhere', 0.1],
  ]);
  const standings = datasets[0]!.standings.map(({ experimentId, againstChosen, guessing }) => [
    experimentId,
    againstChosen?.verdict ?? null,
    guessing.aboveChance,
  ]);
  expect(standings).toEqual([
    ['flattered', 'better', true],
    ['chosen', null, true],
    ['close', 'worse', true],
    ['guessing', 'worse', false],
  ]);
  // p = 2/2⁷ for 7 discordant images, the largest of m − 1 = 3 comparisons: Holm leaves it alone.
  const close = datasets[0]!.standings[2]!.againstChosen!;
  expect(close.pValue).toBeCloseTo(2 / 2 ** 7, 14);
  expect(close.adjustedPValue).toBeCloseTo(2 / 2 ** 7, 14);
});

it('chooses the cheaper of two that validation cannot tell apart', async () => {
  const seeds = { 1: firstRight(150), 2: firstRight(151), 3: firstRight(149) };
  const { datasets } = await compare([
    { id: 'dear', seeds, validation: 0.8, macs: 8000 },
    { id: 'cheap', seeds, validation: 0.8, macs: 1000 },
  ]);
  expect(datasets[0]?.chosen).toBe('cheap');
  expect(datasets[0]?.standings[0]?.againstChosen).toMatchObject({ kind: 'recipes', verdict: 'noEvidence', pValue: 1 });
});

it('compares all pairs of up to 40 recipes, and each with the baseline if there are more', async () => {
  expect((await compare(many(40))).sections[0]).toMatchObject({ scheme: 'all', checkpoints: { length: 780 } });
  expect((await compare(many(41))).sections[0]).toMatchObject({
    scheme: 'baseline',
    baseline: 'e0',
    checkpoints: { length: 40 },
  });
  const named = (await compare(many(41), { baseline: 'e7' })).sections[0];
  expect(named?.baseline).toBe('e7');
  expect(new Set(named?.checkpoints.map(({ b }) => b.experimentId))).toEqual(new Set(['e7']));
});

it('uses the first evaluated experiment if the baseline has no run, and says so', async () => {
  const experiments = Array.from({ length: 42 }, (_, i) => ({
    id: `e${i}`,
    seeds: { 1: i === 7 ? null : firstRight(i) },
  }));
  const record = await compare(experiments, { baseline: 'e7' });
  expect(record.sections[0]?.baseline).toBe('e0');
  expect(record.warnings).toContain(
    'Section "Section": its baseline e7 has no evaluated run: the others are compared with e0.',
  );
});

it('returns the existing record, byte for byte, until an evaluation is added', async () => {
  const { plan, store } = await makeUpPlan([
    { id: 'a', seeds: { 1: firstRight(5), 2: null } },
    { id: 'b', seeds: { 1: firstRight(6) } },
  ]);
  const first = await comparePlan({ plan }, makeUpContext(store));
  const bytes = await store.get(keys.comparison(first.comparisonId));
  const context = makeUpContext(store);
  expect(await comparePlan({ plan }, context)).toEqual(first);
  expect(context.events).toEqual([{ type: 'reused', what: 'comparison', id: first.comparisonId }]);
  await store.delete(keys.comparison(first.comparisonId));
  await comparePlan({ plan }, makeUpContext(store));
  expect(await store.get(keys.comparison(first.comparisonId))).toEqual(bytes);
  const { store: fuller } = await makeUpPlan([
    { id: 'a', seeds: { 1: firstRight(5), 2: firstRight(5) } },
    { id: 'b', seeds: { 1: firstRight(6) } },
  ]);
  expect((await comparePlan({ plan }, makeUpContext(fuller))).comparisonId).not.toBe(first.comparisonId);
});

it('compares the trial of a search that validation chooses, and gives no test result of the others', async () => {
  const trial = (number: number, right: number, validation: number, more: Partial<MadeUpExperiment> = {}) => ({
    id: `s-trial-${number}`,
    trial: number,
    seeds: { 1: firstRight(right) },
    validation,
    ...more,
  });
  const record = await compare([
    { id: 'other', seeds: { 1: firstRight(120) }, validation: 0.5 },
    trial(1, 190, 0.7),
    trial(2, 150, 0.8, { macs: 2000 }),
    trial(3, 160, 0.8),
    trial(4, 0, 0, { seeds: { 1: null } }),
  ]);
  expect(record.searches).toEqual([
    {
      search: 's',
      chosen: 's-trial-3',
      trials: [
        { experimentId: 's-trial-1', trial: 1, seeds: [1], validation: 0.7 },
        { experimentId: 's-trial-2', trial: 2, seeds: [1], validation: 0.8 },
        { experimentId: 's-trial-3', trial: 3, seeds: [1], validation: 0.8 },
        { experimentId: 's-trial-4', trial: 4, seeds: [], validation: null },
      ],
    },
  ]);
  const [section] = record.sections;
  expect(section?.recipes.map(({ experimentId }) => experimentId)).toEqual(['other', 's-trial-3']);
  expect(section?.checkpoints.map(({ a, b }) => [a.experimentId, b.experimentId])).toEqual([['other', 's-trial-3']]);
  expect(record.datasets[0]).toMatchObject({ chosen: 's-trial-3' });
  expect(record.datasets[0]?.standings.map(({ experimentId }) => experimentId)).toEqual(['other', 's-trial-3']);
  // One comparison with the chosen one: nothing to correct for.
  const against = record.datasets[0]?.standings[0]?.againstChosen;
  expect(against?.adjustedPValue).toBe(against?.pValue);
});

it('compares a large section by one pair per experiment, not by every pair', async () => {
  const random = new Random(1);
  const difficulty = Float64Array.from({ length: 10_000 }, () => random.uniform());
  const experiments = Array.from({ length: 50 }, (_, i) => ({
    id: `e${i}`,
    seeds: Object.fromEntries(
      [1, 2, 3, 4].map((seed) => [
        seed,
        Uint8Array.from(difficulty, (_each, image) =>
          difficulty[(image + 100 * seed) % 10_000]! < 0.9 + i / 1000 + seed / 1000 ? 1 : 0,
        ),
      ]),
    ),
  }));
  const { plan, store } = await makeUpPlan(experiments);
  const record = await comparePlan({ plan }, makeUpContext(store));
  expect(record.sections[0]?.recipePairs).toHaveLength(49);
  expect(record.sections[0]?.checkpoints.at(-1)).toMatchObject({ images: 10_000, verdict: 'better' });
});

it('compares two evaluations of the same trainings, whose MACs differ', async () => {
  const evaluation = { flip: true, translate: 0 };
  const record = await compare([
    { id: 'plain', recipe: 'r', seeds: { 1: firstRight(150) } },
    { id: 'flipped', recipe: 'r', seeds: { 1: firstRight(160) }, evaluation, validation: 0.75 },
  ]);
  expect(Object.keys(record.evaluations)).toEqual(['r-1', 'r-1:flip']);
  const [pair] = record.sections[0]!.checkpoints;
  expect(pair).toMatchObject({
    a: { experimentId: 'plain', runId: 'r-1' },
    b: { experimentId: 'flipped', runId: 'r-1:flip' },
    counts: { both: 150, onlyA: 0, onlyB: 10 },
  });
  // Both have a validation accuracy of 0.75: the one with fewer MACs is chosen.
  expect(record.datasets[0]?.chosen).toBe('plain');
});
