import { canonicalJson, type ModelConfig } from '@bakeoff/core';
import { layers } from './layers.ts';
import { modelNotation } from './notation.ts';
import { presets } from './presets/registry.ts';

/** Written networks by the text that their settings are with every default; null: not a network. */
const written = (model: unknown): string | null => {
  const { data } = layers.schema.safeParse(modelNotation.expand(model));
  return data === undefined ? null : canonicalJson(data);
};

/** By the text of what each preset stands for; made once it is asked for. */
let presetNames: ReadonlyMap<string | null, string> | undefined;
/** By the model as it stands in a recipe, because the runs of a large plan share few. */
const known = new Map<string, string>();

/**
 * What people call a model: the preset whose layers it has, however the manifest wrote it, since both are one run; else
 * its type.
 */
export function modelName(model: ModelConfig): string {
  if (model.type !== 'layers') return model.type;
  const key = JSON.stringify(model);
  let name = known.get(key);
  if (name === undefined) {
    presetNames ??= new Map(Object.keys(presets).map((preset) => [written(preset), preset]));
    name = presetNames.get(written(model)) ?? model.type;
    known.set(key, name);
  }
  return name;
}
