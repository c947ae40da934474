import { CONFIDENCE_LEVEL, NORMAL_QUANTILE } from './confidence.ts';
import { type CorrectCounts, type CrossedComponents, crossedComponents } from './crossed-components.ts';
import type { Interval } from './interval.ts';
import { degreesOfQuantile, MOST_DEGREES, studentQuantile, studentTwoSided } from './student-t.ts';

/** An accuracy and how far it may be from the true one. */
export interface AccuracyEstimate {
  readonly mean: number;
  /**
   * t²/n, where n is the number of independent answers that would tell as much: what stands in Wilson's interval for
   * z²/n. It is above 0, so that no interval is without width.
   */
  readonly spread: number;
  /** Of the t in `spread`, which need not be whole. */
  readonly degreesOfFreedom: number;
}

/** Of one training: it says nothing about other seeds. `correct` of n ≥ 1 images. */
export function accuracyOfTraining(correct: number, images: number): AccuracyEstimate {
  return { mean: correct / images, spread: NORMAL_QUANTILE ** 2 / images, degreesOfFreedom: MOST_DEGREES };
}

/** How many images that all trainings answer otherwise than most are added to the images' variance; found by simulation. */
const PSEUDO_IMAGES = 0.5;
/** By how much the seeds' part grows per unit of squared skewness over seeds; found by simulation. */
const SKEWNESS_ALLOWANCE = 0.03;
/** That of an exponential distribution. */
const MOST_SQUARED_SKEWNESS = 4;

/**
 * How much longer the seeds' part of an interval has to be because accuracies near 0 and 1 are skewed, from which t
 * intervals suffer (Johnson 1978). The skewness is that of a beta distribution with this mean and deviation over seeds,
 * 2(1 − 2p)σ / p(1 − p).
 */
function skewnessFactor(mean: number, trainings: number, { seeds, interaction }: CrossedComponents): number {
  const variance = trainings * Math.max(0, seeds - interaction);
  const squared = (4 * (1 - 2 * mean) ** 2 * variance) / (mean * (1 - mean)) ** 2;
  return 1 + SKEWNESS_ALLOWANCE * Math.min(MOST_SQUARED_SKEWNESS, squared);
}

/** The estimate of a recipe's accuracy over seeds and images, with what it rests on. */
export interface RecipeEstimate extends AccuracyEstimate {
  /** Of the mean, on the scale of accuracies; seeds' and images' parts together. */
  readonly standardError: number;
  readonly components: CrossedComponents;
}

/**
 * Accuracy of a recipe over the seeds and the images that it might have had, from S ≥ 2 trainings × N ≥ 2 images.
 *
 * The parts of the variance (see `crossedComponents`) have different degrees of freedom, S − 1 and N − 1. Each is
 * multiplied by the square of its own t, and the sum is that of the interval (Banerjee 1960, Sankhyā 22:351, which keeps
 * at least the nominal coverage, where Satterthwaite's degrees of freedom lose it if the part with few is the larger);
 * images alone are the least it can be. The stated degrees of freedom are those of the t that gives the same length.
 * This is turned into an effective number of answers, and that into Wilson's interval, which stays within 0…1 (Korn and
 * Graubard 1998; Dean and Pagano 2015 compare such intervals). Where few images are answered otherwise than most, their
 * variance is uncertain, so half an image that all trainings answer so is added, up to the variance of images on which all trainings agree.
 *
 * `coverage.test.ts` and test/extended/statistics check coverage and width by simulation.
 */
export function accuracyOfRecipe(counts: CorrectCounts): RecipeEstimate {
  const { images, byTraining } = counts;
  const trainings = byTraining.length;
  const mean = byTraining.reduce((sum, correct) => sum + correct, 0) / trainings / images;
  const components = crossedComponents(counts);
  const binomial = mean * (1 - mean);
  const [tSeeds, tImages] = [studentQuantile(trainings - 1), studentQuantile(images - 1)];
  if (binomial === 0)
    return {
      mean,
      spread: tImages ** 2 / (images - 1),
      degreesOfFreedom: images - 1,
      standardError: 0,
      components,
    };
  const added = PSEUDO_IMAGES * (Math.max(mean, 1 - mean) / images) ** 2;
  const ofImages = Math.min(components.images + added, binomial / (images - 1));
  const beyond = ofImages - components.interaction;
  const ofSeeds = components.seeds * skewnessFactor(mean, trainings, components);
  const squared = tImages ** 2 * ofImages;
  const length = Math.max(tSeeds ** 2 * ofSeeds + tImages ** 2 * beyond, squared);
  const variance = Math.max(ofSeeds + beyond, ofImages);
  return {
    mean,
    spread: length / binomial,
    degreesOfFreedom: degreesOfQuantile(Math.sqrt(length / variance)),
    standardError: Math.sqrt(variance),
    components,
  };
}

/** Wilson's score interval (Wilson 1927), with the estimate's spread. */
export function accuracyInterval({ mean, spread }: AccuracyEstimate): Interval {
  const center = (mean + spread / 2) / (1 + spread);
  const half = Math.sqrt(spread * mean * (1 - mean) + spread ** 2 / 4) / (1 + spread);
  return {
    low: mean === 0 ? 0 : Math.max(0, center - half),
    high: mean === 1 ? 1 : Math.min(1, center + half),
    level: CONFIDENCE_LEVEL,
  };
}

/** The two-sided p-value of the hypothesis that the true accuracy is `accuracy`, 0 < accuracy < 1; it is below 5 % exactly where the interval excludes it. */
export function accuracyPValue({ mean, spread, degreesOfFreedom }: AccuracyEstimate, accuracy: number): number {
  const distance = Math.abs(mean - accuracy) / Math.sqrt(spread * accuracy * (1 - accuracy));
  return studentTwoSided(distance * studentQuantile(degreesOfFreedom), degreesOfFreedom);
}
