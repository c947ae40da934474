import { everySettingUsed } from '@bakeoff/core';
import { z } from 'zod';
import { architecture } from './architecture.ts';
import { lowerLayers } from './written/lower-layers.ts';
import { countLayers, MAXIMUM_LAYERS, nameLayers, sameName } from './written/name-layers.ts';
import { isRepeat, isResidual, layersSchema, type Written } from './written/written-schema.ts';

type Path = readonly (string | number)[];

/** The repeat that makes a network too long: the innermost one that does so alone; otherwise the list itself. */
function longest(layers: readonly Written[], path: Path): Path {
  for (const [i, layer] of layers.entries()) {
    const inside: [readonly Written[], Path][] = isRepeat(layer)
      ? [[layer.layers, [...path, i, 'layers']]]
      : isResidual(layer)
        ? [[layer.branch, [...path, i, 'branch']]]
        : [];
    for (const [list, at] of inside) {
      if (countLayers(list) > MAXIMUM_LAYERS) return longest(list, at);
      if (isRepeat(layer) && layer.times * countLayers(list) > MAXIMUM_LAYERS) return [...path, i, 'times'];
    }
  }
  return path;
}

const schema = z
  .strictObject({
    type: z.literal('layers').describe('A network written out, layer by layer'),
    layers: layersSchema.describe('Its layers in order, from the images to one output per class').meta({
      examples: [['globalAveragePool', { type: 'dense', units: 'classes' }]],
    }),
  })
  .superRefine(({ layers }, context) => {
    const refuse = (path: Path, message: string): void =>
      context.addIssue({ code: 'custom', path: [...path], message });
    const count = countLayers(layers);
    if (count > MAXIMUM_LAYERS)
      return refuse(
        longest(layers, ['layers']),
        `with its repeats written out, the network has ${count.toLocaleString('en')} layers: ` +
          `lower "times" to at most ${MAXIMUM_LAYERS.toLocaleString('en')} layers in all`,
      );
    const same = sameName(nameLayers(layers).layers);
    if (same !== null)
      refuse(
        same.path,
        `two layers are called "${same.name}" (the other is model.${same.other.join('.')}): give each a name of its own`,
      );
  });

/** A network as the manifest writes it. */
export const layers = architecture({
  schema,
  examples: [],
  build({ type: _type, layers: written, ...unused }, input) {
    everySettingUsed(unused);
    return lowerLayers(nameLayers(written).layers, input);
  },
});
