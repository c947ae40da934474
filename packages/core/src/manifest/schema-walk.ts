import * as z from 'zod';
import { isObject } from './merge.ts';

/** The part of JSON Schema that zod writes for our schemas. */
export interface SchemaNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  /** What the members of a map have whose names are free; false: it has no others. */
  readonly additionalProperties?: SchemaNode | false;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly description?: string;
  readonly default?: unknown;
  /** Of a number, where it has one; ours (`.meta({ unit })`). */
  readonly unit?: string;
  readonly examples?: readonly unknown[];
  /** Where parsing transforms values: there zod leaves `examples` out of schemas of what is written. */
  readonly example?: unknown;
}

/** A schema as data, from which messages are made. Where settings contain themselves (layers), so does the data. */
export function schemaNode(schema: z.ZodType): SchemaNode {
  const { $defs = {}, ...node } = z.toJSONSchema(schema, { io: 'input', reused: 'inline' });
  return resolved(node, $defs, new Map()) as SchemaNode;
}

/** A copy with each reference to a definition replaced by the definition. */
function resolved(node: unknown, definitions: Readonly<Record<string, unknown>>, done: Map<unknown, object>): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const { $ref } = node as { readonly $ref?: unknown };
  if (typeof $ref === 'string') return resolved(definitions[$ref.replace('#/$defs/', '')], definitions, done);
  const known = done.get(node);
  if (known !== undefined) return known;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(node) ? [] : {};
  done.set(node, copy);
  for (const [name, member] of Object.entries(node))
    (copy as Record<string, unknown>)[name] = resolved(member, definitions, done);
  return copy;
}

export const optionsOf = (node: SchemaNode): readonly SchemaNode[] => node.oneOf ?? node.anyOf ?? [];

/** The member that distinguishes the options of a union: the one that is a constant in each. */
export function discriminatorOf(node: SchemaNode): string | undefined {
  const options = optionsOf(node).filter((option) => option.type !== 'null');
  const [first, ...others] = options.map(({ properties }) =>
    Object.keys(properties ?? {}).filter((name) => properties?.[name]?.const !== undefined),
  );
  return first?.find((name) => others.every((names) => names.includes(name)));
}

/** The values of the discriminator: the names of models, optimizers and so on. */
export function discriminatorValues(node: SchemaNode): string[] {
  const key = discriminatorOf(node);
  return key === undefined
    ? []
    : optionsOf(node).flatMap(({ properties }) => (properties === undefined ? [] : [String(properties[key]?.const)]));
}

/** The options that a value may mean: those of its discriminator's value if it has one. */
function optionsFor(node: SchemaNode, value: unknown): readonly SchemaNode[] {
  const options = optionsOf(node);
  const key = discriminatorOf(node);
  if (key === undefined || !isObject(value)) return options;
  const matching = options.filter(({ properties }) => properties?.[key]?.const === value[key]);
  return matching.length > 0 ? matching : options;
}

/** The node of the setting at a path. The value around it distinguishes the options of unions. */
export function nodeAt(node: SchemaNode, path: readonly PropertyKey[], value: unknown): SchemaNode | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return node;
  const inner = typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined;
  const member =
    node.properties?.[String(step)] ??
    (node.additionalProperties || undefined) ??
    (typeof step === 'number' || /^\d+$/.test(String(step)) ? node.items : undefined);
  if (member !== undefined) return nodeAt(member, rest, inner);
  for (const option of optionsFor(node, value)) {
    const found = nodeAt(option, path, value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The names allowed in the map that a node describes: those of all options if the value does not tell which one is
 * meant.
 */
export function namesIn(node: SchemaNode, value: unknown): string[] {
  return [
    ...new Set([
      ...Object.keys(node.properties ?? {}),
      ...optionsFor(node, value).flatMap((option) => namesIn(option, value)),
    ]),
  ];
}

/** Whether a node accepts numbers, and only whole ones. */
export function numberKind(node: SchemaNode): 'number' | 'integer' | undefined {
  const kinds = [node.type, ...optionsOf(node).map(numberKind)];
  return (['number', 'integer'] as const).find((kind) => kinds.includes(kind));
}

function describeNumber({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaNode): string {
  const noun = type === 'integer' ? 'a whole number' : 'a number';
  if (minimum !== undefined && maximum !== undefined) return `${noun} from ${minimum} to ${maximum}`;
  const low =
    exclusiveMinimum === undefined
      ? minimum === undefined
        ? []
        : [`of at least ${minimum}`]
      : [`above ${exclusiveMinimum}`];
  const high =
    exclusiveMaximum === undefined
      ? maximum === undefined
        ? []
        : [`at most ${maximum}`]
      : [`below ${exclusiveMaximum}`];
  return low.length + high.length === 0 ? noun : `${noun} ${[...low, ...high].join(' and ')}`;
}

function describeList({ minItems, maxItems, items }: SchemaNode): string {
  const count =
    minItems !== undefined && minItems === maxItems
      ? ` of ${minItems}`
      : minItems !== undefined
        ? ` of at least ${minItems}`
        : '';
  return `a list${count}${items === undefined || Object.keys(items).length === 0 ? '' : `, each ${describeNode(items)}`}`;
}

/** What a node accepts, in words: "a whole number from 1 to 64". */
export function describeNode(node: SchemaNode): string {
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum !== undefined) return node.enum.map((value) => JSON.stringify(value)).join(', ');
  const options = optionsOf(node);
  const key = discriminatorOf(node);
  if (key !== undefined) {
    const names = discriminatorValues(node);
    const map = names.length === 1 ? describeNode(options[0]!) : `a map with ${key}: ${names.join(' | ')}`;
    return options.some((option) => option.type === 'null') ? `${map}, or null` : map;
  }
  if (options.length > 0) return options.map(describeNode).join(', or ');
  switch (node.type) {
    case 'number':
    case 'integer':
      return describeNumber(node);
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'text';
    case 'array':
      return describeList(node);
    case 'object':
      if (node.additionalProperties) return `a map of names, each with ${describeNode(node.additionalProperties)}`;
      return node.properties === undefined ? 'a map' : `a map with ${Object.keys(node.properties).join(', ')}`;
    case 'null':
      return 'null';
    default:
      return 'a value';
  }
}
