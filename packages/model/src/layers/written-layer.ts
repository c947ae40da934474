import { z } from 'zod';
import type { Layer } from './layer.ts';

/** What a written layer may refer to. */
export interface WrittenContext {
  /** The layer's unique name in the network. */
  readonly name: string;
  readonly classes: number;
}

/** A layer as a manifest writes it (`model: { type: layers, layers: [...] }`): its settings, and the layer they make. */
export interface WrittenLayer {
  /** Strict: `type`, an optional `name`, and the layer's own settings with the field's usual defaults (PyTorch's). */
  readonly schema: z.ZodObject;
  build(settings: unknown, context: WrittenContext): Layer;
}

/** PyTorch's names, such as `layer1.0.conv1`, are allowed; a number alone would be a place in a list. */
export const layerName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z][A-Za-z0-9_.-]*$/, { message: 'letters, digits, "_", "-" and ".", beginning with a letter' })
  .optional()
  .describe('Unique in the network, for sweeps and parameters. Default: the type and its number, e.g. conv2d3');

/** One way to write a layer; `describe` is for editors. */
export function writtenLayer<Type extends string, Shape extends z.ZodRawShape>(
  type: Type,
  describe: string,
  shape: Shape,
  build: (
    settings: z.output<z.ZodObject<{ type: z.ZodLiteral<Type> } & Shape, z.core.$strict>>,
    context: WrittenContext,
  ) => Layer,
): WrittenLayer {
  const schema = z.strictObject({ type: z.literal(type).describe(describe), name: layerName, ...shape });
  return { schema, build: (settings, context) => build(settings as never, context) };
}

const side = z.int().min(1).max(256);
const windowSettings = {
  kernel: side.describe('Side of the square window, in pixels'),
  padding: z.int().min(0).max(128).default(0).describe('Pixels added on every side'),
};

/** The window of a convolution. */
export const convolutionWindow = {
  ...windowSettings,
  stride: side.default(1).describe('Pixels between neighboring windows'),
};

/** The window of a pool. */
export const poolingWindow = {
  ...windowSettings,
  stride: side.optional().describe('Pixels between neighboring windows. Default: kernel'),
};

export const initializerSetting = z
  .enum([
    'torchDefault',
    'kaimingNormalFanIn',
    'kaimingNormalFanOut',
    'kaimingUniformFanIn',
    'kaimingUniformFanOut',
    'xavierNormal',
    'xavierUniform',
  ])
  .default('torchDefault')
  .describe('How its weights start; torchDefault: uniform within ±1/√(inputs of a unit), as PyTorch does');
