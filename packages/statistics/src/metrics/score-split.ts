import type { ImageScores } from '../predictions/image-scores.ts';
import type { SplitPredictions } from '../predictions/split-predictions.ts';
import { countConfusion } from './count-confusion.ts';
import type { ScoredSplit } from './metric.ts';
import { METRICS } from './registry.ts';
import type { SplitScores } from './split-scores.ts';

/** The scores of a split from its predictions and the images' scores; `classNames` in the order of the labels. */
export function scoreSplit(
  predictions: SplitPredictions,
  images: ImageScores,
  classNames: readonly string[],
): SplitScores {
  const confusion = countConfusion(predictions.labels, images.prediction, predictions.classes);
  const split: ScoredSplit = { predictions, images, confusion, classNames };
  const values = Object.entries(METRICS).flatMap(([name, { compute }]) => {
    const value: unknown = compute(split);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { images: predictions.count, ...Object.fromEntries(values) } as SplitScores;
}
