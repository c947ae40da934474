import { describe, expect, it } from 'vitest';
import { PredictionBuilder } from '../predictions/prediction-builder.ts';
import type { SplitPredictions } from '../predictions/split-predictions.ts';
import { calibrate } from './calibration.ts';
import { scoreImages } from '../predictions/image-scores.ts';
import { scoreFigure } from './figures.ts';
import { scoreSplit } from './score-split.ts';

/** Predictions of a network whose softmax gives these probabilities (up to float32). */
function fromProbabilities(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  classes: number,
): SplitPredictions {
  const outputs = rows[0]?.length ?? classes;
  const builder = new PredictionBuilder(
    { count: rows.length, labels: Uint8Array.from(labels), ids: Int32Array.from(labels.keys()) },
    classes,
    outputs,
  );
  for (const row of rows) builder.add(Float32Array.from(row, Math.log));
  return builder.finish();
}

const NAMES = ['cat', 'dog', 'ship'];
/** Correct, correct, wrong (second best), wrong (third best). */
const ROWS = [
  [0.7, 0.2, 0.1],
  [0.1, 0.8, 0.1],
  [0.5, 0.3, 0.2],
  [0.6, 0.3, 0.1],
];
const LABELS = [0, 1, 1, 2];

describe('scores of four images and three classes', () => {
  const predictions = fromProbabilities(ROWS, LABELS, 3);
  const scores = scoreSplit(predictions, scoreImages(predictions), NAMES);

  it('counts the images whose label is among the k highest logits', () => {
    expect(scores.accuracy).toBe(0.5);
    expect(scores.topK).toEqual([
      { k: 1, accuracy: 0.5 },
      { k: 2, accuracy: 0.75 },
    ]);
  });

  it('averages the negative log likelihood and the Brier score', () => {
    expect(scores.nll).toBeCloseTo(-(Math.log(0.7) + Math.log(0.8) + Math.log(0.3) + Math.log(0.1)) / 4, 7);
    const brier = [
      0.3 ** 2 + 0.2 ** 2 + 0.1 ** 2,
      0.1 ** 2 + 0.2 ** 2 + 0.1 ** 2,
      0.5 ** 2 + 0.7 ** 2 + 0.2 ** 2,
      0.6 ** 2 + 0.3 ** 2 + 0.9 ** 2,
    ];
    expect(scores.brier).toBeCloseTo(brier.reduce((sum, value) => sum + value) / 4, 7);
  });

  it('counts the confusion by label, then prediction', () => {
    expect(scores.confusion).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [1, 0, 0],
    ]);
    expect(scores.otherPredictions).toBeUndefined();
  });

  it('gives a class that is never predicted a precision of 0', () => {
    expect(scores.perClass).toEqual([
      { name: 'cat', support: 1, precision: 1 / 3, recall: 1, f1: 0.5 },
      { name: 'dog', support: 2, precision: 1, recall: 0.5, f1: 2 / 3 },
      { name: 'ship', support: 1, precision: 0, recall: 0, f1: 0 },
    ]);
  });
});

describe('scores of unequal classes', () => {
  /** Eight cats, of which seven are right, and two dogs, of which one is; no ships. */
  const rows = [7, 1].flatMap((count, wrong) =>
    Array.from({ length: count }, () => (wrong ? [0.2, 0.7, 0.1] : [0.8, 0.1, 0.1])),
  );
  const predictions = fromProbabilities(
    [...rows, [0.1, 0.8, 0.1], [0.9, 0.05, 0.05]],
    [...Array.from({ length: 8 }, () => 0), 1, 1],
    3,
  );
  const scores = scoreSplit(predictions, scoreImages(predictions), NAMES);

  it('balanced accuracy and macro F1 are means over the classes that have images', () => {
    expect(scores.accuracy).toBe(0.8);
    // scikit-learn: balanced_accuracy_score 0.6875, f1_score(average='macro') 0.6875.
    expect(scores.balancedAccuracy).toBeCloseTo((7 / 8 + 1 / 2) / 2, 14);
    expect(scores.macroF1).toBeCloseTo((14 / 16 + 2 / 4) / 2, 14);
  });

  it('are read from the scores by class of a record from before', () => {
    const { balancedAccuracy, macroF1, ...older } = scores;
    expect(scoreFigure('balancedAccuracy').of(older as typeof scores)).toBe(balancedAccuracy);
    expect(scoreFigure('macroF1').of(older as typeof scores)).toBe(macroF1);
  });
});

describe('a network with outputs beyond the classes', () => {
  const predictions = fromProbabilities(
    [
      [0.5, 0.2, 0.2, 0.1],
      [0.1, 0.2, 0.3, 0.4],
    ],
    [0, 1],
    2,
  );
  const images = scoreImages(predictions);

  it('counts a prediction beyond the classes as wrong, outside the confusion', () => {
    const scores = scoreSplit(predictions, images, NAMES);
    expect(scores.accuracy).toBe(0.5);
    expect(scores.confusion).toEqual([
      [1, 0],
      [0, 0],
    ]);
    expect(scores.otherPredictions).toEqual([0, 1]);
    expect(scores.perClass[1]).toMatchObject({ support: 1, recall: 0 });
  });

  it('normalizes over every output and ranks the label among them', () => {
    expect(images.confidence[0]).toBeCloseTo(0.5, 7);
    expect(images.loss[1]).toBeCloseTo(-Math.log(0.2), 7);
    expect(images.brier[1]).toBeCloseTo(0.1 ** 2 + 0.8 ** 2 + 0.3 ** 2 + 0.4 ** 2, 7);
    expect([...images.rank]).toEqual([0, 2]);
  });
});

it('takes the first of equal logits, even against an output beyond the classes', () => {
  const images = scoreImages(fromProbabilities([[0.25, 0.25, 0.25, 0.25]], [1], 3));
  expect(images.prediction[0]).toBe(0);
  expect(images.rank[0]).toBe(1);
});

it('stays finite for logits whose exponentials overflow', () => {
  const builder = new PredictionBuilder({ count: 1, labels: Uint8Array.of(1), ids: Int32Array.of(0) }, 2, 2);
  builder.add(Float32Array.of(4000, -3000));
  const images = scoreImages(builder.finish());
  expect([images.loss[0], images.confidence[0], images.brier[0]]).toEqual([7000, 1, 2]);
});

it('bins confidences by equal widths with closed upper edges and weights the gaps by count', () => {
  const { expectedCalibrationError, bins } = calibrate(
    Float64Array.of(0.95, 0.99, 2 / 15, 1),
    Uint8Array.of(1, 0, 0, 1),
  );
  expect(bins).toHaveLength(15);
  expect(bins.map((bin) => bin.count)).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
  expect(bins[14]).toMatchObject({ confidence: (0.95 + 0.99 + 1) / 3, accuracy: 2 / 3 });
  expect(bins[0]).toMatchObject({ confidence: 0, accuracy: 0 });
  expect(expectedCalibrationError).toBeCloseTo((2 / 15 + (0.95 + 0.99 + 1 - 2)) / 4, 14);
});
