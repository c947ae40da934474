/** Extents of one sample, without the batch axis: [height, width, channels] or [features]. */
export type Shape = readonly number[];

/**
 * Every layer's description by its type: each layer's file adds its own (`declare module './layer.ts'`), so that layers
 * can hold layers.
 */
export interface LayerTypes {}

export type LayerType = keyof LayerTypes;

/** A network is a list of layers, as data: cost analysis and training both traverse it. */
export type Layer = LayerTypes[LayerType] & NamedLayer;

interface NamedLayer {
  /** Unique in the network. Layers with weights have one; others need it only for tables and messages. */
  readonly name?: string;
}
