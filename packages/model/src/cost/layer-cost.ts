import type { ModelCost } from '@bakeoff/core';
import { layerWeights } from '../graph/layer-weights.ts';
import type { Shape } from '../layers/layer.ts';
import type { PlacedLayer } from '../layers/operation.ts';
import { kindOf } from '../layers/registry.ts';

/** One layer's cost for one image; shapes without the batch axis. */
export interface LayerDescription extends ModelCost {
  /** Dotted path; PyTorch's if the layer has weights. */
  readonly name: string;
  readonly type: string;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
}

const elementsOf = (shape: Shape) => shape.reduce((total, extent) => total * extent, 1);

/**
 * A layer's cost, without that of layers inside it and without the activations that training keeps (see activations).
 */
export function layerCost(placed: PlacedLayer): Omit<ModelCost, 'activationBytes'> {
  const { layer, input, output } = placed;
  const elements = { inputs: elementsOf(input), outputs: elementsOf(output) };
  const counts = kindOf(layer).counts(layer, elements, input);
  const parameters = layerWeights(placed).parameters.reduce((total, { shape }) => total + elementsOf(shape), 0);
  return { parameters, ...counts, flops: 2 * counts.macs };
}
