import type { LayerWeights } from '../layers/layer-weights.ts';
import type { PlacedLayer } from '../layers/operation.ts';
import { kindOf } from '../layers/registry.ts';

/**
 * The trainable parameters and running statistics of one layer (none for a residual, because its paths' layers have
 * their own).
 */
export function layerWeights({ layer, input }: PlacedLayer): LayerWeights {
  return kindOf(layer).weights(layer, input);
}
