import type { Layer, LayerType, LayerTypes, Shape } from './layer.ts';

/** A layer with its shapes, which have no batch axis. */
export interface PlacedLayer {
  readonly layer: Layer;
  readonly input: Shape;
  readonly output: Shape;
  /** What the layers inside it are, path by path (a residual's branch and shortcut); none in most layers. */
  readonly paths: readonly (readonly PlacedLayer[])[];
  /** A dropout layer's place among the network's dropout layers, from 0, which its masks depend on; null in others. */
  readonly dropoutSite: number | null;
}

/** Activations that another layer's kernel can apply to its own output. */
export type FusedActivation = 'relu' | 'tanh';

export interface DropoutSite {
  readonly rate: number;
  readonly perChannel: boolean;
  /** Place among the network's dropout layers, from 0. */
  readonly site: number;
}

/** What is computed in one go: a layer, with the activation and the dropout behind it where it takes them over (see fuseLayers). */
export interface OperationOf<L extends Layer> {
  readonly type: L['type'];
  readonly layer: L;
  readonly input: Shape;
  readonly output: Shape;
  /** The layers this operation does, in order. */
  readonly layers: readonly PlacedLayer[];
  readonly paths: readonly (readonly Operation[])[];
  readonly activation: FusedActivation | null;
  readonly dropout: DropoutSite | null;
  /** Batch norm comes next: in training it cancels a bias right before it, whose gradient is then 0. */
  readonly normalized: boolean;
  /** Of batch norm behind a ReLU: it gives the gradient before that ReLU in its own pass. */
  readonly inputRelu: boolean;
}

export type Operation = { [Type in LayerType]: OperationOf<LayerTypes[Type]> }[LayerType];
