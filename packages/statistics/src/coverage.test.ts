import { expect, it } from 'vitest';
import { accuracyInterval, accuracyOfRecipe } from './accuracy-estimate.ts';
import { correctCounts } from './crossed-components.ts';
import { packBits } from './packed-bits.ts';
import { recipeDifference } from './recipe-difference.ts';
import { simulateAnswers, type SimulatedRecipe, uniformNumbers } from './testing/simulate-answers.ts';
import { NORMAL_QUANTILE } from './confidence.ts';

/** The extended check of statistics simulates the whole grid with thousands of repetitions. */
const REPETITIONS = Number(process.env.BAKEOFF_COVERAGE_REPETITIONS ?? 250);
const full = process.env.BAKEOFF_COVERAGE_REPETITIONS !== undefined;

const TIMEOUT = { timeout: full ? 3_600_000 : 60_000 };

const TRAININGS = [2, 3, 5, 10];
const IMAGES = full ? [40, 1000, 10_000] : [40, 1000];
const ACCURACIES = full ? [0.1, 0.3, 0.5, 0.8, 0.9, 0.97] : [0.1, 0.97];
const DEVIATIONS = full ? [0, 0.01, 0.03] : [0, 0.03];
const DIFFICULTIES = full ? [1, 2, 4] : [2];

const cells = DIFFICULTIES.flatMap((difficulty) =>
  ACCURACIES.flatMap((accuracy) =>
    DEVIATIONS.flatMap((seedDeviation) =>
      IMAGES.flatMap((images) =>
        TRAININGS.map((trainings): SimulatedRecipe => ({ trainings, images, accuracy, seedDeviation, difficulty })),
      ),
    ),
  ),
);

/** Three standard errors of a share simulated `REPETITIONS` times. */
const chance = (share: number): number => 3 * Math.sqrt((share * (1 - share)) / REPETITIONS);

const describeCell = ({ trainings, images, accuracy, seedDeviation, difficulty }: SimulatedRecipe): string =>
  `${trainings} seeds, ${images} images, accuracy ${accuracy} ± ${seedDeviation}, difficulty ${difficulty}`;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

function counted(recipe: SimulatedRecipe, uniform: () => number): ReturnType<typeof correctCounts> {
  return correctCounts(simulateAnswers(recipe, uniform).map(packBits), recipe.images);
}

/** Share of the intervals that cover the true accuracy, and their median width over that of the normal interval. */
function simulate(cell: SimulatedRecipe, uniform: () => number): { readonly coverage: number; readonly width: number } {
  const drawn = Array.from({ length: REPETITIONS }, () => accuracyOfRecipe(counted(cell, uniform)));
  const intervals = drawn.map(accuracyInterval);
  expect(intervals.every(({ low, high }) => low >= 0 && high <= 1 && high - low > 0)).toBe(true);
  // The normal interval of one who knows the standard error: that of the simulated means.
  const standardError = Math.sqrt(drawn.reduce((sum, { mean }) => sum + (mean - cell.accuracy) ** 2, 0) / REPETITIONS);
  return {
    coverage: intervals.filter(({ low, high }) => low <= cell.accuracy && cell.accuracy <= high).length / REPETITIONS,
    width: median(intervals.map(({ low, high }) => high - low)) / (2 * NORMAL_QUANTILE * standardError),
  };
}

it('covers a recipe’s accuracy as often as it says, without being much wider than need be', TIMEOUT, () => {
  const uniform = uniformNumbers(1);
  const results = cells.map((cell) => ({ cell, ...simulate(cell, uniform) }));
  if (full) {
    for (const trainings of TRAININGS) {
      const these = results.filter(({ cell }) => cell.trainings === trainings);
      const widths = these.map(({ width }) => width);
      console.log(
        `${trainings} seeds: coverage at least ${Math.min(...these.map(({ coverage }) => coverage)).toFixed(3)}, ` +
          `median width ${Math.min(...widths).toFixed(2)} to ${Math.max(...widths).toFixed(2)} of the normal interval's, ${median(widths).toFixed(2)} in the middle`,
      );
    }
  }
  const short = results.filter(({ coverage }) => coverage < 0.93 - chance(0.93));
  expect(short.map(({ cell, coverage }) => `${describeCell(cell)}: ${coverage}`)).toEqual([]);
  // The median of widths varies by as much as their mean, of about a third of their size with 5 seeds.
  const wide = results.filter(
    ({ cell, width }) => cell.trainings >= 5 && cell.images >= 1000 && width > 1.3 * (1 + 2 / Math.sqrt(REPETITIONS)),
  );
  expect(wide.map(({ cell, width }) => `${describeCell(cell)}: ${width}`)).toEqual([]);
});

it('finds equal recipes different no more often than it says', TIMEOUT, () => {
  const uniform = uniformNumbers(2);
  const rates = cells
    .filter(({ trainings, images }) => trainings >= 3 && images <= 1000)
    .map((cell) => {
      const different = Array.from({ length: REPETITIONS }, () => {
        const both = simulateAnswers({ ...cell, trainings: 2 * cell.trainings }, uniform).map(packBits);
        const [a, b] = [both.slice(0, cell.trainings), both.slice(cell.trainings)].map((bits) =>
          correctCounts(bits, cell.images),
        ) as [ReturnType<typeof correctCounts>, ReturnType<typeof correctCounts>];
        return recipeDifference(a, b).pValue < 0.05;
      });
      return { cell, rate: different.filter(Boolean).length / REPETITIONS };
    });
  const often = rates.filter(({ rate }) => rate > 0.07 + chance(0.07));
  expect(often.map(({ cell, rate }) => `${describeCell(cell)}: ${rate}`)).toEqual([]);
});
