import { UserError } from '@bakeoff/core';
import type { Layer, Shape } from '../layers/layer.ts';
import { LayerMisfit, showShape } from '../layers/misfit.ts';
import type { PlacedLayer } from '../layers/operation.ts';
import { kindOf } from '../layers/registry.ts';

function outputOf(layers: readonly PlacedLayer[], input: Shape): Shape {
  return layers.at(-1)?.output ?? input;
}

function place(layers: readonly Layer[], inputShape: Shape, counter: { dropouts: number }): PlacedLayer[] {
  let input = inputShape;
  return layers.map((layer): PlacedLayer => {
    const kind = kindOf(layer);
    const layerInput = input;
    const paths = kind.paths(layer).map((path) => place(path, layerInput, counter));
    const pathOutputs = paths.map((path) => outputOf(path, layerInput));
    input = kind.outputShape(layer, layerInput, pathOutputs);
    const dropoutSite = layer.type === 'dropout' ? counter.dropouts++ : null;
    return { layer, input: layerInput, output: input, paths, dropoutSite };
  });
}

/**
 * Computes every layer's shapes for an input of `inputShape` (without the batch axis).
 * @throws UserError if the layers do not fit images of this size. Written networks, whose layers are a person's, are
 * checked before, and say more.
 */
export function placeLayers(layers: readonly Layer[], inputShape: Shape): readonly PlacedLayer[] {
  try {
    return place(layers, inputShape, { dropouts: 0 });
  } catch (error) {
    if (!(error instanceof LayerMisfit)) throw error;
    throw new UserError(
      {
        what: `the network does not fit images of ${showShape(inputShape)}: ${error.what}`,
        received: error.fits.received,
        allowed: error.fits.allowed,
        fix: 'choose another model, or larger images',
      },
      { cause: error },
    );
  }
}

/** All layers in the order in which they run; those of a residual's branch and shortcut come before the sum itself. */
export function flattenLayers(placed: readonly PlacedLayer[]): readonly PlacedLayer[] {
  return placed.flatMap((each) => [...each.paths.flatMap(flattenLayers), each]);
}
