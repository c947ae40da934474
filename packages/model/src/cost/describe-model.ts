import type { ModelConfig, ModelCost } from '@bakeoff/core';
import type { NetworkInput } from '../architectures/architecture.ts';
import { buildLayers } from '../architectures/registry.ts';
import { fuseLayers } from '../graph/fuse-layers.ts';
import { activations } from '../graph/kept-activations.ts';
import { flattenLayers, placeLayers } from '../graph/place-layers.ts';
import type { PlacedLayer } from '../layers/operation.ts';
import { kindOf } from '../layers/registry.ts';
import { layerCost, type LayerDescription } from './layer-cost.ts';

export interface ModelDescription {
  readonly parameters: number;
  /** Multiply-accumulates of one image's forward pass (convolutions and dense layers). */
  readonly macs: number;
  readonly cost: ModelCost;
  /** The first row is the images themselves, which training also keeps. */
  readonly layers: readonly LayerDescription[];
}

const FLOAT32_BYTES = 4;

/** Numbers, by kind, the layers that have no name of their own. */
function layerNamer(): (placed: PlacedLayer) => string {
  const seen = new Map<string, number>();
  return ({ layer }) => {
    const label = kindOf(layer).label(layer);
    if (layer.name !== undefined) return label;
    const number = (seen.get(label) ?? 0) + 1;
    seen.set(label, number);
    return `${label}${number}`;
  };
}

/**
 * Bytes of an image's activations kept for the backward pass, by the layer that makes them; `null` stands for the
 * images.
 */
function keptBytes(placed: readonly PlacedLayer[], inputElements: number): Map<PlacedLayer | null, number> {
  const kept = activations(fuseLayers(placed), inputElements).filter((activation) => activation.kept);
  return new Map(kept.map(({ operation, elements }) => [operation?.layers.at(-1) ?? null, elements * FLOAT32_BYTES]));
}

function total(layers: readonly LayerDescription[]): ModelCost {
  const sum = (key: keyof ModelCost) => layers.reduce((value, layer) => value + layer[key], 0);
  return {
    parameters: sum('parameters'),
    macs: sum('macs'),
    flops: sum('flops'),
    ptflops: sum('ptflops'),
    fvcore: sum('fvcore'),
    thop: sum('thop'),
    activationBytes: sum('activationBytes'),
  };
}

/** By the settings of a model, which never change, and by its input: planning asks for each several times. */
const described = new WeakMap<ModelConfig, Map<string, ModelDescription>>();

/**
 * The cost of one image's forward pass through a model, by layer and in total; no engine is needed.
 * @throws UserError on an unknown model type or settings that do not fit.
 */
export function describeModel(model: ModelConfig, input: NetworkInput): ModelDescription {
  const known = described.get(model) ?? new Map<string, ModelDescription>();
  described.set(model, known);
  const key = `${input.imageShape.join('×')} ${input.classes}`;
  const found = known.get(key) ?? describe(model, input);
  known.set(key, found);
  return found;
}

function describe(model: ModelConfig, input: NetworkInput): ModelDescription {
  const placed = placeLayers(buildLayers(model, input), input.imageShape);
  const imageElements = input.imageShape.reduce((size, extent) => size * extent, 1);
  const bytes = keptBytes(placed, imageElements);
  const nameOf = layerNamer();
  const images: LayerDescription = {
    name: 'images',
    type: 'input',
    inputShape: input.imageShape,
    outputShape: input.imageShape,
    parameters: 0,
    macs: 0,
    flops: 0,
    ptflops: 0,
    fvcore: 0,
    thop: 0,
    activationBytes: bytes.get(null) ?? 0,
  };
  const layers = flattenLayers(placed).map((each): LayerDescription => ({
    name: nameOf(each),
    type: each.layer.type,
    inputShape: each.input,
    outputShape: each.output,
    ...layerCost(each),
    activationBytes: bytes.get(each) ?? 0,
  }));
  const all = [images, ...layers];
  const cost = total(all);
  return { parameters: cost.parameters, macs: cost.macs, cost, layers: all };
}
