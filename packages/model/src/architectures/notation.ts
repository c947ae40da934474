import type { ModelNotation } from '@bakeoff/core';
import { presets } from './presets/registry.ts';
import { MAXIMUM_LAYERS, countLayers, nameLayers } from './written/name-layers.ts';
import { layersSchema } from './written/written-schema.ts';

type Settings = Readonly<Record<string, unknown>>;

const isSettings = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The lists of layers that a layer may hold. */
const LISTS = ['branch', 'shortcut', 'layers'];

/** Layers with each type that stands alone (`relu`) as a map of settings. */
function expandLayers(layers: unknown): unknown {
  if (!Array.isArray(layers)) return layers;
  return layers.map((layer: unknown) => {
    if (typeof layer === 'string') return { type: layer };
    if (!isSettings(layer)) return layer;
    const lists = LISTS.filter((list) => layer[list] !== undefined).map((list) => [list, expandLayers(layer[list])]);
    return lists.length === 0 ? layer : { ...layer, ...Object.fromEntries(lists) };
  });
}

/** A model's name becomes its settings, a preset the layers that it stands for. */
function expand(written: unknown): unknown {
  const model = typeof written === 'string' ? { type: written } : written;
  if (!isSettings(model)) return model;
  const { type, ...settings } = model;
  const preset = typeof type === 'string' && Object.hasOwn(presets, type) ? presets[type] : undefined;
  if (preset !== undefined && Object.keys(settings).length === 0)
    return { type: 'layers', layers: expandLayers(preset.layers) };
  return model['layers'] === undefined ? model : { ...model, layers: expandLayers(model['layers']) };
}

function layerPaths(model: unknown): ReadonlyMap<string, readonly string[]> {
  const { data } = layersSchema.safeParse((model as { readonly layers?: unknown }).layers);
  // What does not fit the schema is reported by it.
  if (data === undefined || countLayers(data) > MAXIMUM_LAYERS) return new Map();
  return new Map([...nameLayers(data).paths].map(([name, path]) => [name, path.map(String)]));
}

/** How a manifest may write a model: also by name alone. */
export const modelNotation: ModelNotation = { expand, layerPaths };
