import * as z from 'zod';

/** What zod says of a schema's inside, by kind (`def.type`): the part of it that walks over settings need. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly discriminator?: string;
  readonly innerType?: z.ZodType;
  readonly out?: z.ZodType;
  readonly values?: readonly unknown[];
}

export function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def;
}

/** A copy of a schema with other parts, its checks and what registries know of it kept. */
export function withParts<Schema extends z.ZodType>(schema: Schema, parts: Partial<Definition>): Schema {
  return z.core.clone(schema, { ...schema._zod.def, ...parts } as never, { parent: true });
}
