import type { Layer, LayerType, LayerTypes, Shape } from './layer.ts';

/** A layer with its shapes, without the batch axis. */
export interface PlacedLayer {
  readonly layer: Layer;
  readonly input: Shape;
  readonly output: Shape;
  /** The layers inside it, path by path (a residual's branch and shortcut); none in most layers. */
  readonly paths: readonly (readonly PlacedLayer[])[];
  /**
   * A dropout layer's position among the network's dropout layers, from 0, on which its masks depend; null for other
   * layers.
   */
  readonly dropoutSite: number | null;
}

/** Activations that another layer's kernel can apply to its own output. */
export type FusedActivation = 'relu' | 'tanh';

export interface DropoutSite {
  readonly rate: number;
  readonly perChannel: boolean;
  /** Position among the network's dropout layers, from 0. */
  readonly site: number;
}

/**
 * What is computed in one pass: a layer, with the activation and the dropout after it if it can apply them (see
 * fuseLayers).
 */
export interface OperationOf<L extends Layer> {
  readonly type: L['type'];
  readonly layer: L;
  readonly input: Shape;
  readonly output: Shape;
  /** The layers that this operation computes, in order. */
  readonly layers: readonly PlacedLayer[];
  readonly paths: readonly (readonly Operation[])[];
  readonly activation: FusedActivation | null;
  readonly dropout: DropoutSite | null;
  /** Batch norm comes next: in training it cancels a bias right before it, whose gradient is then 0. */
  readonly normalized: boolean;
  /** For batch norm after a ReLU: its own pass returns the gradient before that ReLU. */
  readonly inputRelu: boolean;
}

export type Operation = { [Type in LayerType]: OperationOf<LayerTypes[Type]> }[LayerType];
