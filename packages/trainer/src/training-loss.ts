import type { Recipe } from '@bakeoff/core';
import { softTargetCrossEntropy } from '@bakeoff/kernels';
import { tensor2d } from '@tensorflow/tfjs-core';
import { crossEntropy } from './batch-scores.ts';
import type { BatchImages } from './mixup.ts';

type Logits = Parameters<typeof crossEntropy>[0];

export interface LossSettings {
  readonly labelSmoothing: number;
  /** By class; null: all 1. */
  readonly classWeights: readonly number[] | null;
}

/**
 * The loss that a recipe asks for; `balanced` weights follow from the training labels. A class without training images
 * has balanced weight 0.
 */
export function lossSettings(
  { labelSmoothing, classWeights }: Pick<Recipe, 'labelSmoothing' | 'classWeights'>,
  classes: readonly string[],
  labels: Uint8Array,
): LossSettings {
  if (classWeights === null) return { labelSmoothing, classWeights };
  if (classWeights !== 'balanced')
    return {
      labelSmoothing,
      classWeights: classes.map((name) => (Object.hasOwn(classWeights, name) ? classWeights[name]! : 1)),
    };
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label]!++;
  const present = counts.filter((count) => count > 0).length;
  return {
    labelSmoothing,
    classWeights: counts.map((count) => (count === 0 ? 0 : labels.length / (present * count))),
  };
}

/**
 * The loss that training minimizes: cross entropy with smoothed labels, as
 * torch.nn.CrossEntropyLoss(weight, label_smoothing), of mixed images the two labels' losses in the images' shares. A
 * batch's mean is weighted by the classes of its images, as PyTorch's is.
 */
export class TrainingLoss {
  constructor(
    private readonly labels: Uint8Array,
    private readonly settings: LossSettings,
  ) {}

  /**
   * Losses and correct answers by image, and the gradient of the losses' mean; the caller disposes the tensors. Where
   * the images are a replica's part of a batch, `batch` is the whole, over which the classes' weights are normalized.
   */
  score(logits: Logits, images: BatchImages, batch = images.indices): ReturnType<typeof crossEntropy> {
    const { indices, mixing } = images;
    const { labelSmoothing, classWeights } = this.settings;
    if (labelSmoothing === 0 && classWeights === null && mixing === null)
      return crossEntropy(logits, this.labels, indices);
    const [count, classes] = logits.shape;
    const answers = this.answers(images, classes);
    const factors = this.factors(batch, classes);
    const targets = answers.map(
      (share, i) => ((1 - labelSmoothing) * share + labelSmoothing / classes) * factors[i % classes]!,
    );
    const soft = {
      targets: tensor2d(targets, [count, classes], 'float32'),
      answers: tensor2d(answers, [count, classes], 'float32'),
    };
    const result = softTargetCrossEntropy(logits, soft);
    for (const tensor of Object.values(soft)) tensor.dispose();
    return result;
  }

  /** One-hot, or with mixing the shares of two labels: [n, classes]. */
  private answers({ indices, mixing }: BatchImages, classes: number): Float32Array {
    const answers = new Float32Array(indices.length * classes);
    const add = (places: Int32Array, share: number): void =>
      places.forEach((place, i) => (answers[i * classes + this.labels[place]!]! += share));
    add(indices, mixing?.share ?? 1);
    if (mixing !== null) add(mixing.partners, 1 - mixing.share);
    return answers;
  }

  /** Each class's weight divided by the mean weight of the batch's images; outputs that are no class have weight 1. */
  private factors(batch: Int32Array, classes: number): readonly number[] {
    const { classWeights } = this.settings;
    if (classWeights === null) return Array.from({ length: classes }, () => 1);
    const sum = batch.reduce((total, place) => total + classWeights[this.labels[place]!]!, 0);
    return Array.from({ length: classes }, (_, c) => ((classWeights[c] ?? 1) * batch.length) / sum);
  }
}
