import type { Recipe } from '@bakeoff/core';
import { describeModel, type NetworkInput } from '@bakeoff/model/architectures';

const FLOAT32_BYTES = 4;
/**
 * Images whose activations an evaluation holds at its peak: it frees each layer's activations once the next layer is
 * computed.
 */
const EVALUATED_IMAGES = 32;
/** A shard's bytes and the pixels copied out of it exist at the same time. */
const IMAGE_COPIES = 2;
const WEIGHT_COPIES = 4;

export interface EvaluationData extends NetworkInput {
  readonly images: { readonly validation: number; readonly test: number };
}

/** Upper bound of the peak memory of an evaluation, in bytes, in addition to its process with a loaded engine. */
export function evaluationMemoryBytes({ model }: Pick<Recipe, 'model'>, { images, ...input }: EvaluationData): number {
  const { cost } = describeModel(model, input);
  const imageBytes = input.imageShape.reduce((product, extent) => product * extent, 1);
  return (
    IMAGE_COPIES * (images.test + images.validation) * imageBytes +
    WEIGHT_COPIES * cost.parameters * FLOAT32_BYTES +
    cost.activationBytes * EVALUATED_IMAGES
  );
}
