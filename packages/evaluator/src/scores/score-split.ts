import type { SplitScores } from '@bakeoff/core';
import type { SplitPredictions } from '../predictions/split-predictions.ts';
import { wilsonInterval } from '@bakeoff/statistics';
import { calibrate } from './calibration.ts';
import { countConfusion, scoreClasses } from './confusion.ts';
import type { ImageScores } from './image-scores.ts';

const TOP_K = [1, 2, 3, 5];

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}

/** The scores of a split from its predictions and the images' scores; `classNames` in the order of the labels. */
export function scoreSplit(
  predictions: SplitPredictions,
  images: ImageScores,
  classNames: readonly string[],
): SplitScores {
  const { count, classes, labels } = predictions;
  const correct = sum(images.correct);
  const confusion = countConfusion(labels, images.prediction, classes);
  return {
    images: count,
    accuracy: correct / count,
    accuracyInterval: wilsonInterval(correct, count),
    topK: TOP_K.filter((k) => k === 1 || k < classes).map((k) => ({
      k,
      accuracy: images.rank.filter((rank) => rank < k).length / count,
    })),
    nll: sum(images.loss) / count,
    brier: sum(images.brier) / count,
    calibration: calibrate(images.confidence, images.correct),
    perClass: scoreClasses(confusion, classNames),
    confusion: confusion.counts,
    ...(predictions.others === null ? {} : { otherPredictions: confusion.others }),
  };
}
