import type * as z from 'zod';
import { isAddedLater } from './neutral-settings.ts';
import { definitionOf, withParts } from './schema-parts.ts';

/**
 * The schema of what a schema's parsing gives, for records: nothing has a default any more, so nothing may be missing, but for settings
 * that were added later, which records leave out at their neutral values.
 */
export function whole<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>, z.output<Schema>> {
  return outputOf(schema) as z.ZodType<z.output<Schema>, z.output<Schema>>;
}

function outputOf(schema: z.ZodType): z.ZodType {
  const { type, shape, element, options, innerType, out } = definitionOf(schema);
  if (shape !== undefined)
    return withParts(schema, {
      shape: Object.fromEntries(Object.entries(shape).map(([name, member]) => [name, outputOf(member)])),
    });
  if (element !== undefined) return withParts(schema, { element: outputOf(element) });
  if (options !== undefined) return withParts(schema, { options: options.map(outputOf) });
  if (out !== undefined) return outputOf(out);
  if (innerType === undefined) return schema;
  const hasDefault = type === 'default' || type === 'prefault';
  if (hasDefault && !isAddedLater(schema)) return outputOf(innerType);
  return withParts(schema, { innerType: outputOf(innerType) });
}
