import { expect, it } from 'vitest';
import {
  accuracyInterval,
  accuracyOfRecipe,
  accuracyOfTraining,
  accuracyPValue,
  type CorrectCounts,
  correctCounts,
  crossedComponents,
  decideVerdict,
  holmCorrection,
  type Interval,
  mcnemarExact,
  packBits,
  recipeDifference,
  studentTwoSided,
  tangoInterval,
  wilsonInterval,
} from './index.ts';
import { simulateAnswers, uniformNumbers } from './testing/simulate-answers.ts';

const percent = (value: number): number => Math.round(value * 1e4) / 100;

it('gives the Wilson intervals printed for 91.25 % and 93.57 % of 10,000', () => {
  const rounded = [9125, 9357]
    .map((right) => wilsonInterval(right, 10_000))
    .map(({ low, high }) => [percent(low), percent(high)]);
  expect(rounded).toEqual([
    [90.68, 91.79],
    [93.07, 94.03],
  ]);
});

it('keeps the Wilson interval inside 0…1 at both ends', () => {
  expect(wilsonInterval(0, 7).low).toBe(0);
  expect(wilsonInterval(7, 7).high).toBe(1);
});

it('doubles the smaller binomial tail in McNemar’s exact test', () => {
  expect(mcnemarExact(0, 6)).toBe(2 / 64);
  expect(mcnemarExact(7, 1)).toBeCloseTo((2 * (1 + 8)) / 256, 15);
  expect(mcnemarExact(2, 3)).toBe(1);
  // Of 6 discordant pairs 1 or fewer on one side: (1 + 6) / 64, doubled.
  expect(mcnemarExact(1, 5)).toBeCloseTo(14 / 64, 12);
  expect(mcnemarExact(5, 1)).toBeCloseTo(14 / 64, 12);
  expect(mcnemarExact(0, 10)).toBeCloseTo(2 / 1024, 12);
});

it('gives McNemar’s exact test for thousands of discordant pairs', () => {
  // Normal approximation with continuity correction: z = (|a − b| − 1) / √(a + b) = 1.962, p = 0.0498.
  expect(mcnemarExact(1300, 1402)).toBeCloseTo(0.052, 3);
  expect(mcnemarExact(100, 9000)).toBeLessThan(1e-100);
});

it('finds no difference if there are no discordant pairs', () => {
  expect(mcnemarExact(0, 0)).toBe(1);
  expect(mcnemarExact(4, 4)).toBe(1);
});

it('gives the Tango interval of Fagerland, Lydersen and Laake’s airway example', () => {
  const { low, high } = tangoInterval(1, 7, 21);
  expect([low, high].map((limit) => limit.toFixed(3))).toEqual(['-0.517', '-0.026']);
});

it('mirrors the Tango interval if the models are swapped', () => {
  const interval = tangoInterval(40, 25, 1000);
  const mirrored = tangoInterval(25, 40, 1000);
  expect(mirrored.low).toBeCloseTo(-interval.high, 14);
  expect(mirrored.high).toBeCloseTo(-interval.low, 14);
});

it('gives Tango limits of z²/(n + z²) on either side if two models never differ', () => {
  const limit = 1.959963984540054 ** 2 / (500 + 1.959963984540054 ** 2);
  const { low, high } = tangoInterval(0, 0, 500);
  expect(low).toBeCloseTo(-limit, 14);
  expect(high).toBeCloseTo(limit, 14);
});

it('reaches the end of the range if one model is correct on every image and the other on none', () => {
  expect(tangoInterval(9, 0, 9).high).toBe(1);
  expect(tangoInterval(0, 9, 9).low).toBe(-1);
});

it('has the closed form of Student’s t at one and two degrees of freedom', () => {
  expect(studentTwoSided(1, 1)).toBeCloseTo(0.5, 14);
  expect(studentTwoSided(-3, 2)).toBeCloseTo(1 - 3 / Math.sqrt(11), 14);
});

/** Packed answers from rows of 0 and 1, one row per training. */
const answers = (...rows: readonly string[]): CorrectCounts =>
  correctCounts(
    rows.map((row) => packBits(Array.from(row, Number))),
    rows[0]!.length,
  );
const FEW_RIGHT = `${'0'.repeat(19)}1`.repeat(2);

function estimate(...rows: readonly string[]): { readonly interval: Interval; readonly degreesOfFreedom: number } {
  const recipe = accuracyOfRecipe(answers(...rows));
  return { ...recipe, interval: accuracyInterval(recipe) };
}

it('splits the variance of a mean over seeds and images by hand', () => {
  // Means of trainings 3/4 and 1/4, of images 1, 1/2, 1/2 and 0; mean 1/2.
  const { seeds, images, interaction } = crossedComponents(answers('1110', '1000'));
  // SS(seeds) = 4 · 2 · (1/4)² = 1/2, SS(images) = 2 · 2 · (1/2)² = 1, SS(all) = 8 · 1/4 = 2, so SS(interaction) = 1/2.
  expect(seeds).toBeCloseTo(0.5 / 1 / 8, 15);
  expect(images).toBeCloseTo(1 / 3 / 8, 15);
  expect(interaction).toBeCloseTo(0.5 / 3 / 8, 15);
});

it('gives three equal trainings on 40 images an interval of some width, within 0…100 %', () => {
  const { interval, degreesOfFreedom } = estimate(FEW_RIGHT, FEW_RIGHT, FEW_RIGHT);
  expect(interval.high - interval.low).toBeGreaterThan(0.1);
  expect(interval.low).toBeGreaterThan(0);
  expect(degreesOfFreedom).toBeGreaterThan(30);
  // All that is known is that of 40 images: nearly Wilson's interval of one training.
  const { low, high } = wilsonInterval(2, 40);
  expect(Math.abs(interval.low - low)).toBeLessThan(0.005);
  expect(Math.abs(interval.high - high)).toBeLessThan(0.02);
});

it('keeps the interval of trainings that differ widely within 0…100 %', () => {
  const [good, bad] = ['1'.repeat(39) + '0', '0'.repeat(37) + '111'];
  for (const rows of [
    [good, bad],
    [good, good, bad],
    [good, good],
    ['1'.repeat(40), '1'.repeat(40)],
    ['0'.repeat(40), '0'.repeat(40)],
  ]) {
    const { interval } = estimate(...rows);
    expect(interval.low).toBeGreaterThanOrEqual(0);
    expect(interval.high).toBeLessThanOrEqual(1);
    expect(interval.high - interval.low).toBeGreaterThan(0.03);
  }
});

it('has a p-value below 5 % exactly outside of the interval', () => {
  const recipe = accuracyOfRecipe(answers('1111111011110111', '1111011011110101', '1111111111010110'));
  const { low, high } = accuracyInterval(recipe);
  expect(accuracyPValue(recipe, low - 1e-6)).toBeLessThan(0.05);
  expect(accuracyPValue(recipe, low + 1e-6)).toBeGreaterThan(0.05);
  expect(accuracyPValue(recipe, high - 1e-6)).toBeGreaterThan(0.05);
  expect(accuracyPValue(recipe, high + 1e-6)).toBeLessThan(0.05);
  const training = accuracyOfTraining(30, 40);
  expect(accuracyInterval(training).low).toBeCloseTo(wilsonInterval(30, 40).low, 14);
  expect(accuracyPValue(training, accuracyInterval(training).low)).toBeCloseTo(0.05, 5);
});

it('compares recipes whose accuracies never vary, by the images alone', () => {
  const [a, b] = ['1'.repeat(30) + '0'.repeat(10), '1'.repeat(10) + '0'.repeat(30)];
  const apart = recipeDifference(answers(a, a, a), answers(b, b, b));
  expect(apart.difference).toBe(0.5);
  expect(apart.pValue).toBeLessThan(0.001);
  const same = recipeDifference(answers(a, a, a), answers(a, a, a));
  expect(same.pValue).toBe(1);
  expect(same.interval.high - same.interval.low).toBeGreaterThan(0.1);
});

it('tests the difference of recipes by the interval’s own evidence, mirrored if they are swapped', () => {
  const uniform = uniformNumbers(3);
  for (let i = 0; i < 40; i++) {
    const [a, b] = [0.8, 0.86].map((accuracy) => {
      const recipe = { trainings: 3, images: 300, accuracy, seedDeviation: 0.01, difficulty: 2 };
      return correctCounts(simulateAnswers(recipe, uniform).map(packBits), 300);
    }) as [CorrectCounts, CorrectCounts];
    const { interval, pValue, difference } = recipeDifference(a, b);
    expect(pValue < 0.05).toBe(interval.low > 0 || interval.high < 0);
    expect(recipeDifference(b, a).difference).toBeCloseTo(-difference, 14);
    expect(recipeDifference(b, a).pValue).toBeCloseTo(pValue, 12);
  }
});

it('never says "no evidence" beside an interval that excludes 0', () => {
  for (let pairs = 1; pairs <= 60; pairs++)
    for (let onlyA = 0; onlyA <= pairs; onlyA++)
      for (const images of [pairs, 2 * pairs, 1000]) {
        const tested = {
          difference: (2 * onlyA - pairs) / images,
          interval: tangoInterval(onlyA, pairs - onlyA, images),
          pValue: mcnemarExact(onlyA, pairs - onlyA),
        };
        const excludes = tested.interval.low > 0 || tested.interval.high < 0;
        // Corrected for one pair, and for ten.
        const [alone, corrected] = [tested.pValue, Math.min(1, 10 * tested.pValue)];
        expect(decideVerdict(tested, corrected) !== 'noEvidence').toBe(excludes);
        expect(decideVerdict(tested, alone) !== 'noEvidence').toBe(excludes);
      }
});

it('adjusts p-values by Holm’s steps, in the given order', () => {
  expect(holmCorrection([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holmCorrection([])).toEqual([]);
});
