import { z } from 'zod';
import type { WrittenLayer } from '../../layers/written-layer.ts';
import { layerName } from '../../layers/written-layer.ts';
import { layerKinds } from '../../layers/registry.ts';

/** Every layer that a manifest can write and that holds no others, by its type. */
export const writtenLayers: ReadonlyMap<string, WrittenLayer> = new Map(
  Object.values(layerKinds)
    .flatMap(({ written }) => written)
    .map((each) => [String(each.schema.shape['type']?.def.values[0]), each]),
);

/** A layer without others inside, as written, with its defaults filled in. */
export interface WrittenLeaf {
  readonly type: string;
  readonly name?: string | undefined;
}

export interface WrittenResidual extends WrittenLeaf {
  readonly type: 'residual';
  readonly branch: readonly Written[];
  readonly shortcut: 'identity' | 'A' | 'B' | readonly Written[];
}

export interface WrittenRepeat extends WrittenLeaf {
  readonly type: 'repeat';
  readonly times: number;
  readonly layers: readonly Written[];
}

export type Written = WrittenLeaf | WrittenResidual | WrittenRepeat;

export const isResidual = (layer: Written): layer is WrittenResidual => layer.type === 'residual';
export const isRepeat = (layer: Written): layer is WrittenRepeat => layer.type === 'repeat';

const layerList = z.array(z.lazy((): z.ZodType<Written> => layerSchema)).min(1);

const residual = z.strictObject({
  type: z.literal('residual').describe('The sum of two paths from one input'),
  name: layerName,
  branch: layerList.describe('The layers of the longer path'),
  shortcut: z
    .union([z.enum(['identity', 'A', 'B']), layerList])
    .default('identity')
    .describe(
      'The other path: identity; A subsamples and pads channels with zeros; B projects with a 1×1 convolution without ' +
        'bias and batch norm (both as the branch changes the shape; where it keeps it, the identity); or layers',
    ),
});

const repeat = z.strictObject({
  type: z.literal('repeat').describe('Layers several times in a row, each time with weights of their own'),
  name: layerName,
  times: z.int().min(1).max(1_000_000).describe('How often'),
  layers: layerList.describe('What is repeated. A layer called conv becomes conv.1, conv.2, …'),
});

const options = [...[...writtenLayers.values()].map(({ schema }) => schema), residual, repeat];

/** One layer as written. */
const layerSchema = z
  .discriminatedUnion('type', options as never)
  .meta({ id: 'layer' }) as unknown as z.ZodType<Written>;

export const layersSchema = z.array(z.lazy(() => layerSchema)).min(1);
