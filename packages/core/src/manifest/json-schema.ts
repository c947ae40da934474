import * as z from 'zod';
import { documentSchema } from './document-schema.ts';
import { EXTENSION_PREFIX } from './manifest-source.ts';
import { BUILT_IN_DEFAULTS, SETTING_NAMES, settingsSchema } from './settings-schema.ts';
import type { Vocabulary } from './vocabulary.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * Settings may be partial and completed by defaults, so none of their members is required where they are written.
 * Reading the manifest reports what is missing after all.
 */
function withoutRequired(schema: JsonSchema): JsonSchema {
  const { required: _required, ...rest } = schema;
  if (rest.properties !== undefined)
    rest.properties = Object.fromEntries(
      Object.entries(rest.properties).map(([name, member]) => [
        name,
        typeof member === 'boolean' ? member : withoutRequired(member),
      ]),
    );
  if (rest.anyOf !== undefined) rest.anyOf = rest.anyOf.map(withoutRequired);
  if (rest.oneOf !== undefined) {
    // Without required members, partial settings may match several kinds.
    rest.anyOf = rest.oneOf.map(withoutRequired);
    delete rest.oneOf;
  }
  return rest;
}

/** Models and layers, whose kind alone may be written instead of a map of settings. */
function orName(node: JsonSchema): JsonSchema {
  const { oneOf, anyOf = oneOf, ...rest } = node;
  const types = (anyOf ?? []).map((option) => option.properties?.['type'] as JsonSchema);
  const names = {
    type: 'string',
    enum: types.map((type) => type.const as string),
    description: 'Its type alone',
  } as const;
  return { ...rest, anyOf: [...(anyOf ?? []), names] };
}

/** The JSON Schema (draft 2020-12) of manifests, for editors: names, types, limits and descriptions. */
export function manifestJsonSchema(vocabulary: Vocabulary): JsonSchema {
  const options = { io: 'input', reused: 'inline' } as const;
  const settings = withoutRequired(z.toJSONSchema(settingsSchema(vocabulary), options));
  const document = z.toJSONSchema(documentSchema(vocabulary), options);
  const places = [
    document.properties?.['defaults'],
    (document.properties?.['experiments'] as JsonSchema | undefined)?.items,
  ];
  for (const place of places) {
    const properties = (place as JsonSchema).properties as Record<string, JsonSchema>;
    for (const name of SETTING_NAMES) properties[name] = settings.properties?.[name] as JsonSchema;
    properties['model'] = orName(properties['model']!);
    for (const [name, value] of Object.entries(BUILT_IN_DEFAULTS))
      properties[name] = { ...properties[name], default: value };
  }
  const definitions = Object.entries(settings.$defs ?? {}).map(([name, node]) => [name, orName(node)] as const);
  return {
    ...document,
    ...(definitions.length > 0 && { $defs: Object.fromEntries(definitions) }),
    patternProperties: {
      [`^${EXTENSION_PREFIX}`]: {
        description: 'Anything: a place for what anchors (&name) mark and aliases (*name) use',
      },
    },
    title: 'Bakeoff manifest',
  };
}
