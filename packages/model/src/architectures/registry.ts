import type { ModelConfig } from '@bakeoff/core';
import { UserError } from '@bakeoff/core';
import { z } from 'zod';
import { type Architecture, architecture, type NetworkInput } from './architecture.ts';
import { cifarnet } from './cifarnet.ts';
import type { Layer } from '../layers/layer.ts';
import { layers } from './layers.ts';
import { modelNotation } from './notation.ts';
import { presets } from './presets/registry.ts';
import { resnet } from './resnet.ts';
import { resnet18 } from './resnet18.ts';

/** Every architecture by its `type`. To add one, add a file next to this one and a line here. */
export const architectures: Readonly<Record<string, Architecture>> = {
  cifarnet,
  layers,
  resnet,
  resnet18,
  ...presetArchitectures(),
};

/** Presets as architectures without settings; a manifest's reader replaces them by their layers. */
function presetArchitectures(): Record<string, Architecture> {
  return Object.fromEntries(
    Object.entries(presets).map(([type, { about }]) => [
      type,
      architecture({
        schema: z.strictObject({ type: z.literal(type).describe(about) }),
        examples: [{}],
        build: (model, input) => buildLayers(modelNotation.expand(model) as ModelConfig, input),
      }),
    ]),
  );
}

/** The schemas of the models' settings by `type`, for the manifest's parser and its JSON Schema. */
export const modelSchemas: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.entries(architectures).map(([type, { schema }]) => [type, schema]),
);

/** What the models of a type are, in one line. */
export function aboutModels(type: string): string | undefined {
  return (architectures[type]?.schema as z.ZodObject | undefined)?.shape['type']?.description;
}

/**
 * The layers of a model; omitted settings get their defaults.
 * @throws UserError on an unknown type or settings that do not fit.
 */
export function buildLayers(model: ModelConfig, input: NetworkInput): readonly Layer[] {
  const found = architectures[model.type];
  if (found === undefined) {
    throw new UserError({
      what: 'unknown model type',
      received: model.type,
      allowed: Object.keys(architectures).join(', '),
      fix: 'name one of the allowed types as model.type',
    });
  }
  const parsed = found.schema.safeParse(model);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = ['model', ...(issue?.path ?? [])].join('.');
    throw new UserError({
      what: `${path}: ${issue?.message ?? 'invalid settings'}`,
      received: JSON.stringify(model),
      fix: `correct ${path}`,
    });
  }
  return found.build(parsed.data, input);
}
