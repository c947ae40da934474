import type { z } from 'zod';
import type { Layer } from '../layers/layer.ts';

/** What a network is built for. */
export interface NetworkInput {
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number];
  readonly classes: number;
}

/**
 * An architecture: the schema of its settings (defaults filled in by parsing; the description of `type` says in one line
 * what it is) and what they build.
 */
export interface Architecture<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** The networks of it that `bakeoff cost` lists, by their settings without `type`. */
  readonly examples: readonly object[];
  /** @throws UserError if the settings do not fit the images or classes. */
  build(config: z.output<Schema>, input: NetworkInput): readonly Layer[];
}

/** Gives `build` the type of the schema's output. */
export function architecture<Schema extends z.ZodType>(definition: Architecture<Schema>): Architecture<Schema> {
  return definition;
}
