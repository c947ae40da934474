import { CONFIDENCE_LEVEL, NORMAL_QUANTILE } from './confidence.ts';
import { type CorrectCounts, crossedComponents } from './crossed-components.ts';
import type { Interval } from './interval.ts';
import { degreesOfQuantile, studentQuantile, studentTwoSided } from './student-t.ts';

export interface RecipeDifference {
  /** Mean accuracy of the first recipe − that of the second. */
  readonly difference: number;
  readonly interval: Interval;
  /** The difference in standard errors. */
  readonly statistic: number;
  /** Of Student's t, which the statistic is compared with; they need not be whole. */
  readonly degreesOfFreedom: number;
  readonly pValue: number;
}

/** MS(images of differences) over the number of images: the variance over images of the mean difference. */
function differenceOverImages(a: CorrectCounts, b: CorrectCounts, difference: number): number {
  const [countA, countB] = [a.byTraining.length, b.byTraining.length];
  let sum = 0;
  for (let image = 0; image < a.images; image++)
    sum += (a.byImage[image]! / countA - b.byImage[image]! / countB - difference) ** 2;
  return sum / (a.images - 1) / a.images;
}

const meanOf = ({ byTraining, images }: CorrectCounts): number =>
  byTraining.reduce((sum, correct) => sum + correct, 0) / byTraining.length / images;

/** Satterthwaite's degrees of freedom of the sum of both recipes' parts over seeds, as in Welch's test (Welch 1947). */
function degreesOverSeeds(a: CorrectCounts, b: CorrectCounts, partA: number, partB: number): number {
  const [freeA, freeB] = [a.byTraining.length - 1, b.byTraining.length - 1];
  if (partA + partB === 0) return Math.min(freeA, freeB);
  return (partA + partB) ** 2 / (partA ** 2 / freeA + partB ** 2 / freeB);
}

/**
 * Whether two recipes differ over the seeds and the images that they might have had: at least two trainings of each,
 * all on the same N ≥ 2 images.
 *
 * Images are paired: both recipes answer the same ones, and what counts is how the difference varies from image to image.
 * Seeds are not: the same seed number draws other weights in another network, so each recipe has its own variance over
 * seeds, and their sum has the degrees of freedom of Welch's test, which this test becomes with ever more images. Where
 * equal seeds do have something in common, the test is conservative. The seeds' and the images' parts are put together
 * as in `accuracyOfRecipe` (Banerjee 1960). The interval is never narrower than Tango's for two models that never
 * differ.
 */
export function recipeDifference(a: CorrectCounts, b: CorrectCounts): RecipeDifference {
  const { images } = a;
  const [partsA, partsB] = [crossedComponents(a), crossedComponents(b)];
  const difference = meanOf(a) - meanOf(b);
  const tSeeds = studentQuantile(degreesOverSeeds(a, b, partsA.seeds, partsB.seeds)) ** 2;
  const tImages = studentQuantile(images - 1) ** 2;
  const ofImages = differenceOverImages(a, b, difference);
  const beyond = ofImages - partsA.interaction - partsB.interaction;
  const fewest = (NORMAL_QUANTILE ** 2 / (images + NORMAL_QUANTILE ** 2)) ** 2;
  const squared = Math.max(tSeeds * (partsA.seeds + partsB.seeds) + tImages * beyond, tImages * ofImages, fewest);
  const variance = Math.max(partsA.seeds + partsB.seeds + beyond, ofImages, fewest / tImages);
  const half = Math.sqrt(squared);
  const degreesOfFreedom = degreesOfQuantile(half / Math.sqrt(variance));
  const statistic = (difference * studentQuantile(degreesOfFreedom)) / half;
  return {
    difference,
    interval: {
      low: Math.max(-1, difference - half),
      high: Math.min(1, difference + half),
      level: CONFIDENCE_LEVEL,
    },
    statistic,
    degreesOfFreedom,
    pValue: studentTwoSided(statistic, degreesOfFreedom),
  };
}
