/** Answers of S trainings to N images, as the accuracy of a recipe is simulated. */
export interface SimulatedRecipe {
  readonly trainings: number;
  readonly images: number;
  /** Mean accuracy over seeds and images, and its standard deviation over seeds. */
  readonly accuracy: number;
  readonly seedDeviation: number;
  /** Standard deviation of the images' difficulty, in logits: 0 makes answers to one image independent. */
  readonly difficulty: number;
}

/** Uniform numbers in (0, 1), 32 bits each (mulberry32). */
export function uniformNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Gamma(shape, 1), by Marsaglia and Tsang 2000. */
function gamma(shape: number, uniform: () => number): number {
  if (shape < 1) return gamma(shape + 1, uniform) * uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(uniform);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(uniform()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Levels of difficulty, in standard deviations: normal quantiles by summing the density. */
const LEVELS = 64;
const levels = ((): number[] => {
  const found: number[] = [];
  let below = 0;
  for (let z = -6; found.length < LEVELS; z += 1e-4) {
    below += (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * 1e-4;
    if (below >= (found.length + 0.5) / LEVELS) found.push(z);
  }
  return found;
})();

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

function meanAccuracy(shift: number, difficulty: number): number {
  return levels.reduce((sum, level) => sum + logistic(shift + difficulty * level), 0) / LEVELS;
}

/** Shifts in logits at which the mean accuracy is 0, 0.001, 0.002, …, 1. */
function shiftTable(difficulty: number): number[] {
  return Array.from({ length: 1001 }, (_, i) => {
    let [low, high] = [-60, 60];
    for (let step = 0; step < 40; step++) {
      const middle = (low + high) / 2;
      if (meanAccuracy(middle, difficulty) < i / 1000) low = middle;
      else high = middle;
    }
    return low;
  });
}
const tables = new Map<number, readonly number[]>();

/** By level: the probability of a correct answer of a training whose mean accuracy is `accuracy`. */
function probabilities(accuracy: number, difficulty: number): number[] {
  const table = tables.get(difficulty) ?? shiftTable(difficulty);
  tables.set(difficulty, table);
  const below = Math.min(999, Math.floor(accuracy * 1000));
  const shift = table[below]! + (accuracy * 1000 - below) * (table[below + 1]! - table[below]!);
  return levels.map((level) => logistic(shift + difficulty * level));
}

/**
 * Draws the answers of each training, one byte per image, 1 = correct. A training's accuracy is drawn from a beta
 * distribution, which stays within 0…1; an image's difficulty is normal in logits and the same for every training; given
 * both, answers are independent, which makes the interaction.
 */
export function simulateAnswers(recipe: SimulatedRecipe, uniform: () => number): Uint8Array[] {
  const { trainings, images, accuracy, seedDeviation, difficulty } = recipe;
  const image = new Uint8Array(images);
  for (let i = 0; i < images; i++) image[i] = uniform() * LEVELS;
  const concentration = seedDeviation === 0 ? 0 : (accuracy * (1 - accuracy)) / seedDeviation ** 2 - 1;
  return Array.from({ length: trainings }, () => {
    const [right, wrong] = [accuracy, 1 - accuracy].map((share) =>
      seedDeviation === 0 ? share : gamma(share * concentration, uniform),
    ) as [number, number];
    const byLevel = probabilities(right / (right + wrong), difficulty);
    const answers = new Uint8Array(images);
    for (let i = 0; i < images; i++) answers[i] = uniform() < byLevel[image[i]!]! ? 1 : 0;
    return answers;
  });
}
