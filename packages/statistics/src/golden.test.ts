import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PredictionBuilder } from './predictions/prediction-builder.ts';
import { scoreImages } from './predictions/image-scores.ts';
import { scoreSplit } from './metrics/score-split.ts';
import {
  accuracyInterval,
  accuracyOfRecipe,
  type CorrectCounts,
  correctCounts,
  crossedComponents,
  holmCorrection,
  mcnemarExact,
  packBits,
  recipeDifference,
  studentQuantile,
  studentTwoSided,
  tangoInterval,
  wilsonInterval,
} from './index.ts';

/** Written by test/extended/statistics/reference.py from SciPy, statsmodels and scikit-learn. */
interface Golden {
  readonly wilson: readonly { successes: number; n: number; expected: [number, number] }[];
  readonly mcnemar: readonly { onlyA: number; onlyB: number; expected: number }[];
  readonly tango: readonly { onlyA: number; onlyB: number; n: number; expected: [number, number] }[];
  readonly student: readonly { t: number; df: number; expected: number; quantile: number }[];
  readonly crossed: readonly {
    a: number[][];
    b: number[][];
    meanSquares: [number, number, number];
    mean: number;
    interval: [number, number];
    difference: number;
    pValue: number;
    differenceInterval: [number, number];
  }[];
  readonly holm: readonly { pValues: number[]; expected: number[] }[];
  readonly scores: readonly {
    columns: number;
    classes: number;
    logits: number[];
    labels: number[];
    accuracy: number;
    topK: Record<string, number>;
    nll: number;
    brier: number;
    expectedCalibrationError: number;
    binCounts: number[];
    precision: number[];
    recall: number[];
    f1: number[];
    support: number[];
    confusion: number[][];
    other: number[];
  }[];
}

const path =
  process.env.BAKEOFF_STATISTICS_GOLDEN ?? fileURLToPath(new URL('testing/data/golden.json', import.meta.url));
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;

/** Equal within 1e-9 of the expected value, or within 1e-14 for bounds that are 0 up to rounding. */
function expectClose(actual: number | undefined, expected: number, what: string): void {
  expect(Math.abs((actual ?? NaN) - expected), `${what}: ${actual} against ${expected}`).toBeLessThanOrEqual(
    1e-9 * Math.abs(expected) + 1e-14,
  );
}

/** Below this, doubles have fewer digits. */
const SMALLEST_NORMAL = 2 ** -1022;

describe('statistics against SciPy and statsmodels', () => {
  it('gives statsmodels’ Wilson intervals', () => {
    for (const { successes, n, expected } of golden.wilson) {
      const { low, high } = wilsonInterval(successes, n);
      expectClose(low, expected[0], `${successes}/${n} low`);
      expectClose(high, expected[1], `${successes}/${n} high`);
    }
  });

  it('gives statsmodels’ exact McNemar p-values for any number of discordant pairs', () => {
    for (const { onlyA, onlyB, expected } of golden.mcnemar) {
      const actual = mcnemarExact(onlyA, onlyB);
      expect(Math.abs(actual - expected), `${onlyA}, ${onlyB}: ${actual} against ${expected}`).toBeLessThanOrEqual(
        Math.max(1e-9 * expected, SMALLEST_NORMAL),
      );
    }
  });

  it('gives the Tango limits found by maximizing the likelihood numerically', () => {
    for (const { onlyA, onlyB, n, expected } of golden.tango) {
      const { low, high } = tangoInterval(onlyA, onlyB, n);
      expectClose(low, expected[0], `${onlyA}, ${onlyB} of ${n} low`);
      expectClose(high, expected[1], `${onlyA}, ${onlyB} of ${n} high`);
    }
  });

  it('gives SciPy’s Student t probabilities and quantiles', () => {
    for (const { t, df, expected, quantile } of golden.student) {
      const actual = studentTwoSided(t, df);
      expect(Math.abs(actual - expected), `t ${t}, df ${df}: ${actual} against ${expected}`).toBeLessThanOrEqual(
        1e-9 * expected,
      );
      expectClose(studentQuantile(df), quantile, `quantile of df ${df}`);
    }
  });

  it('gives statsmodels’ analysis of variance of answers, and what follows from it with SciPy’s t', () => {
    for (const row of golden.crossed) {
      const [a, b] = [row.a, row.b].map((rows) => correctCounts(rows.map(packBits), rows[0]!.length)) as [
        CorrectCounts,
        CorrectCounts,
      ];
      const { seeds, images, interaction } = crossedComponents(a);
      const answers = row.a.length * row.a[0]!.length;
      [seeds, images, interaction].forEach((part, i) =>
        expectClose(part * answers, row.meanSquares[i]!, `mean square ${i}`),
      );
      const recipe = accuracyOfRecipe(a);
      const interval = accuracyInterval(recipe);
      expectClose(recipe.mean, row.mean, 'mean');
      expectClose(interval.low, row.interval[0], 'low');
      expectClose(interval.high, row.interval[1], 'high');
      const test = recipeDifference(a, b);
      expectClose(test.difference, row.difference, 'difference');
      expectClose(test.interval.low, row.differenceInterval[0], 'difference low');
      expectClose(test.interval.high, row.differenceInterval[1], 'difference high');
      expectClose(test.pValue, row.pValue, 'p');
    }
  });

  it('gives statsmodels’ Holm adjustment', () => {
    for (const { pValues, expected } of golden.holm)
      holmCorrection(pValues).forEach((p, i) => expectClose(p, expected[i]!, `${pValues.join(' ')} at ${i}`));
  });
});

describe('scores against scikit-learn', () => {
  it.each(golden.scores.map((row) => [`${row.columns} outputs, ${row.classes} classes`, row] as const))(
    'agrees on every score of %s',
    (_, row) => {
      const count = row.labels.length;
      const builder = new PredictionBuilder(
        { count, labels: Uint8Array.from(row.labels), ids: new Int32Array(count) },
        row.classes,
        row.columns,
      );
      builder.add(Float32Array.from(row.logits));
      const predictions = builder.finish();
      const scores = scoreSplit(predictions, scoreImages(predictions), []);
      expect(scores.accuracy).toBe(row.accuracy);
      expect(Object.fromEntries(scores.topK.map(({ k, accuracy }) => [String(k), accuracy]))).toEqual(row.topK);
      expectClose(scores.nll, row.nll, 'nll');
      expectClose(scores.brier, row.brier, 'brier');
      expectClose(scores.calibration.expectedCalibrationError, row.expectedCalibrationError, 'calibration error');
      expect(scores.calibration.bins.map((bin) => bin.count)).toEqual(row.binCounts);
      scores.perClass.forEach((score, c) => {
        expectClose(score.precision, row.precision[c]!, `precision of ${c}`);
        expectClose(score.recall, row.recall[c]!, `recall of ${c}`);
        expectClose(score.f1, row.f1[c]!, `f1 of ${c}`);
        expect(score.support).toBe(row.support[c]);
      });
      expect(scores.confusion).toEqual(row.confusion);
      expect(scores.otherPredictions).toEqual(row.columns > row.classes ? row.other : undefined);
    },
  );
});
