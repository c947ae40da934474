import { expect, it } from 'vitest';
import {
  holmCorrection,
  mcnemarExact,
  meanInterval,
  studentTwoSided,
  tangoInterval,
  welchTest,
  wilsonInterval,
} from './index.ts';

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

it('gives one value a mean but no spread', () => {
  expect(meanInterval([0.9])).toEqual({ mean: 0.9, standardDeviation: null, interval: null });
});

it('works out mean, deviation and interval of three values', () => {
  const { mean, standardDeviation, interval } = meanInterval([1, 2, 3]);
  expect([mean, standardDeviation]).toEqual([2, 1]);
  // t(97.5 %, 2 degrees of freedom) = 4.302653.
  expect(interval?.low).toBeCloseTo(2 - 4.302653 / Math.sqrt(3), 6);
});

it('refuses Welch’s test if neither sample varies', () => {
  expect(welchTest([0.5, 0.5, 0.5], [0.6, 0.6, 0.6])).toBeNull();
});

it('adjusts p-values by Holm’s steps, in the given order', () => {
  expect(holmCorrection([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holmCorrection([])).toEqual([]);
});
