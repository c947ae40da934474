import { describe, expect, it } from 'vitest';
import { PredictionBuilder, scoreImages } from '../predictions/index.ts';
import { scoreFigure, SCORE_FIGURES, scoreSplit, type SplitScores } from './index.ts';
import { metric } from './metric.ts';
import { type AnyMetric, METRICS } from './registry.ts';

const builder = new PredictionBuilder({ count: 2, labels: Uint8Array.of(0, 1), ids: Int32Array.of(0, 1) }, 2, 3);
builder.add(Float32Array.of(2, 1, 0, 0, 1, 2));
const predictions = builder.finish();
const scores = scoreSplit(predictions, scoreImages(predictions), ['cat', 'dog']);

const compute = (): number => 0.5;

describe('the registry of metrics', () => {
  it('gives a split one member per metric, and the number of images', () => {
    expect(Object.keys(scores).sort()).toEqual(['images', ...Object.keys(METRICS)].sort());
  });

  it('reads a figure from the scores, and null for a metric that the scores do not have', () => {
    const older = Object.fromEntries(Object.entries(scores).filter(([name]) => name !== 'brier')) as SplitScores;
    expect(scoreFigure('brier').of(scores)).toBe(scores.brier);
    expect(scoreFigure('brier').of(older)).toBeNull();
    expect(scoreFigure('ece').of(scores)).toBe(scores.calibration.expectedCalibrationError);
  });

  it('gives every figure an id of its own', () => {
    expect(new Set(SCORE_FIGURES.map(({ id }) => id)).size).toBe(SCORE_FIGURES.length);
  });

  it('an incomplete row does not compile', () => {
    const figure = scoreFigure('brier');
    const rows: AnyMetric[] = [
      // @ts-expect-error: a metric says how it is read as a number, or that it is not one.
      metric({ compute }),
      // @ts-expect-error: a metric has a computation.
      metric({ figure: null }),
      // @ts-expect-error: a figure says whether more or less is better.
      metric({ compute, figure: { ...figure, better: undefined, of: (value: number) => value } }),
      // @ts-expect-error: a figure is read from the metric's own value.
      metric({ compute, figure: { ...figure, of: (value: string) => value.length } }),
    ];
    expect(rows).toHaveLength(4);
  });

  it('a record has a member per metric, of the type its metric computes', () => {
    const { images: _images, ...values } = scores;
    // @ts-expect-error: scores must have every metric.
    const incomplete: SplitScores = { images: 1, accuracy: 1 };
    const accuracy: number = values.accuracy;
    expect([incomplete.images, accuracy]).toEqual([1, 0.5]);
  });
});
