import * as z from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { isObject } from '../manifest/merge.ts';
import { definitionOf } from './schema-parts.ts';

/** Neutral values by the schemas that declare them. */
const neutralSettings = z.registry<{ readonly neutral: unknown }>();

/**
 * A setting that a schema gets after ids were made with it. `neutral` means "as before": it is the default, and at this value ids and
 * records leave the setting out, so that they are what they were. Every other value makes another id.
 */
export function addedLater<Schema extends z.ZodType>(schema: Schema, neutral: z.output<Schema>): z.ZodDefault<Schema> {
  const setting = z._default(schema, neutral as z.core.util.NoUndefined<z.output<Schema>>);
  neutralSettings.add(setting, { neutral });
  return setting;
}

/** Whether a schema is that of a setting that was added later. */
export function isAddedLater(schema: z.ZodType): boolean {
  return neutralSettings.get(schema) !== undefined;
}

/** A config without the settings, at any depth, that are at their neutral values: what ids hash and records hold. */
export function withoutNeutral<Value>(schema: z.ZodType, value: Value): Value {
  return visit(schema, value, (result, name, setting, neutral) => {
    const isNeutral =
      result[name] !== undefined && canonicalJson(result[name]) === canonicalJson(withoutNeutral(setting, neutral));
    if (isNeutral) delete result[name];
  });
}

/** A config as a record holds it, with the neutral values that `withoutNeutral` left out. */
export function withNeutral<Value>(schema: z.ZodType, value: Value): Value {
  return visit(schema, value, (result, name, _setting, neutral) => {
    if (result[name] === undefined) result[name] = neutral;
  });
}

type Visitor = (result: Record<string, unknown>, name: string, setting: z.ZodType, neutral: unknown) => void;

/** Copies what may hold settings that were added later, and lets `visitor` change each object in which there are any; all else is `value` itself. */
function visit<Value>(schema: z.ZodType, value: Value, visitor: Visitor): Value {
  return (mayHold(schema) ? copy(schema, value, visitor) : value) as Value;
}

function copy(schema: z.ZodType, value: unknown, visitor: Visitor): unknown {
  const { shape, element, options, innerType, out } = definitionOf(schema);
  if (Array.isArray(value) && element !== undefined) return value.map((member) => visit(element, member, visitor));
  if (shape !== undefined && isObject(value)) {
    const result: Record<string, unknown> = { ...value };
    for (const [name, setting] of Object.entries(shape)) {
      if (result[name] !== undefined) result[name] = visit(setting, result[name], visitor);
      const later = neutralSettings.get(setting);
      if (later !== undefined) visitor(result, name, setting, later.neutral);
    }
    return result;
  }
  const inner = innerType ?? out ?? options?.find((option) => accepts(schema, option, value));
  return inner === undefined ? value : visit(inner, value, visitor);
}

/** Whether a value is meant by this option of a union. */
function accepts(union: z.ZodType, option: z.ZodType, value: unknown): boolean {
  const { discriminator } = definitionOf(union);
  if (discriminator === undefined) return option.safeParse(value).success;
  const kinds = definitionOf(option).shape?.[discriminator];
  return isObject(value) && kinds !== undefined && kinds.safeParse(value[discriminator]).success;
}

const known = new WeakMap<z.ZodType, boolean>();

/** Whether any setting of a schema, at any depth, was added later: where none was, nothing is walked over. */
function mayHold(schema: z.ZodType): boolean {
  const answer = known.get(schema);
  if (answer !== undefined) return answer;
  const { shape, element, options, innerType, out } = definitionOf(schema);
  const inside = [...Object.values(shape ?? {}), ...(options ?? []), element, innerType, out];
  const found = inside.some((part) => part !== undefined && (neutralSettings.get(part) !== undefined || mayHold(part)));
  known.set(schema, found);
  return found;
}
