/** How many answers of one recipe's trainings to the same test images are correct. */
export interface CorrectCounts {
  readonly images: number;
  /** Correct images by training. */
  readonly byTraining: readonly number[];
  /** Correct trainings by image, in test-split order. */
  readonly byImage: Uint16Array;
}

/** Counts the answers of at least one training from its bits (see `packBits`), all of the same images. */
export function correctCounts(trainings: readonly Uint8Array[], images: number): CorrectCounts {
  const byImage = new Uint16Array(images);
  const byTraining = trainings.map((bits) => {
    let correct = 0;
    for (let image = 0; image < images; image++) {
      const right = (bits[image >> 3]! >> (7 - (image & 7))) & 1;
      correct += right;
      byImage[image] = byImage[image]! + right;
    }
    return correct;
  });
  return { images, byTraining, byImage };
}

/**
 * What the variance of a mean accuracy consists of, as estimates of parts of that variance: each mean square of the
 * analysis of variance over the number of answers (see `crossedComponents`).
 */
export interface CrossedComponents {
  /** MS(seeds) / SN: σ²(seed)/S + σ²(interaction)/SN, with S − 1 degrees of freedom. */
  readonly seeds: number;
  /** MS(images) / SN: σ²(image)/N + σ²(interaction)/SN, with N − 1 degrees of freedom. */
  readonly images: number;
  /** MS(interaction) / SN: σ²(interaction)/SN, with (S − 1)(N − 1) degrees of freedom. */
  readonly interaction: number;
}

/**
 * Analysis of variance of S ≥ 2 trainings × N ≥ 2 images, two crossed random factors with one answer (0 or 1) per cell
 * (Searle, Casella and McCulloch 1992, Variance Components, ch. 4; Brennan 2001, Generalizability Theory, ch. 3). The
 * variance of the mean over both is seeds + images − interaction.
 */
export function crossedComponents({ images, byTraining, byImage }: CorrectCounts): CrossedComponents {
  const trainings = byTraining.length;
  const total = byTraining.reduce((sum, correct) => sum + correct, 0);
  const mean = total / trainings / images;
  // In counts, so that equal accuracies have no variance at all.
  const ofSeeds = byTraining.reduce((sum, correct) => sum + (correct - total / trainings) ** 2, 0) / images;
  const ofImages = byImage.reduce((sum, correct) => sum + (correct - total / images) ** 2, 0) / trainings;
  const ofInteraction = Math.max(0, total * (1 - mean) - ofSeeds - ofImages);
  const answers = trainings * images;
  return {
    seeds: ofSeeds / (trainings - 1) / answers,
    images: ofImages / (images - 1) / answers,
    interaction: ofInteraction / ((trainings - 1) * (images - 1)) / answers,
  };
}
