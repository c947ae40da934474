import type { HardImage } from '@bakeoff/core';
import { encodePng } from '@bakeoff/core/png';
import type { LoadedSplit } from '@bakeoff/model';
import type { ImageScores } from '@bakeoff/statistics/predictions';

const SHOWN = 12;

/**
 * The images that a page shows: those with the highest loss, and the wrong ones with the highest confidence. Ties go to
 * the first in the split.
 */
export function hardImages(
  split: LoadedSplit,
  scores: ImageScores,
  imageShape: readonly [number, number, number],
): { readonly hardestImages: HardImage[]; readonly confidentlyWrong: HardImage[] } {
  const size = imageShape[0] * imageShape[1] * imageShape[2];
  const describe = (image: number): HardImage => ({
    id: split.ids[image]!,
    label: split.labels[image]!,
    prediction: scores.prediction[image]!,
    confidence: scores.confidence[image]!,
    loss: scores.loss[image]!,
    png: Buffer.from(encodePng(split.images.subarray(image * size, (image + 1) * size), imageShape)).toString('base64'),
  });
  const images = Array.from({ length: split.count }, (_, image) => image);
  const byLoss = images.toSorted((a, b) => scores.loss[b]! - scores.loss[a]!);
  const wrong = images.filter((image) => scores.correct[image] === 0);
  const byConfidence = wrong.sort((a, b) => scores.confidence[b]! - scores.confidence[a]!);
  return {
    hardestImages: byLoss.slice(0, SHOWN).map(describe),
    confidentlyWrong: byConfidence.slice(0, SHOWN).map(describe),
  };
}
