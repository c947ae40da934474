import type {
  BatchNormLayer,
  Conv2dLayer,
  DenseLayer,
  MaxPoolLayer,
  ResidualLayer,
  Shape,
  ShortcutALayer,
} from '../architectures/layers.ts';
import { isResidual, type PlacedLayer } from './place-layers.ts';

export interface DropoutSite {
  readonly rate: number;
  readonly perChannel: boolean;
  /** Place among the network's dropout layers, from 0. */
  readonly site: number;
}

interface At {
  readonly input: Shape;
  readonly output: Shape;
  /** The layers this operation does, in order. */
  readonly layers: readonly PlacedLayer[];
}

/**
 * `normalized`: batch norm comes next. In training it cancels a bias right before it, whose gradient is then 0, and gives the gradient before a ReLU
 * (`inputRelu`) in its own pass.
 */
export type Operation = At &
  (
    | {
        readonly type: 'conv2d';
        readonly layer: Conv2dLayer;
        readonly relu: boolean;
        readonly dropout: DropoutSite | null;
        readonly normalized: boolean;
      }
    | {
        readonly type: 'batchNorm';
        readonly layer: BatchNormLayer;
        readonly relu: boolean;
        readonly dropout: DropoutSite | null;
        readonly inputRelu: boolean;
      }
    | {
        readonly type: 'dense';
        readonly layer: DenseLayer;
        readonly activation: 'relu' | 'tanh' | null;
        readonly normalized: boolean;
      }
    | { readonly type: 'dropout'; readonly dropout: DropoutSite }
    | { readonly type: 'maxPool'; readonly layer: MaxPoolLayer }
    | { readonly type: 'shortcutA'; readonly layer: ShortcutALayer }
    | { readonly type: 'globalAveragePool' }
    | { readonly type: 'flatten' }
    | {
        readonly type: 'residual';
        readonly layer: ResidualLayer;
        readonly branch: readonly Operation[];
        readonly shortcut: readonly Operation[];
        readonly relu: boolean;
      }
  );

export type OperationOf<Type extends Operation['type']> = Extract<Operation, { readonly type: Type }>;

/** Dropout multiplies by 0 or by 1/(1 − rate) > 0, so a ReLU behind it may as well go first, into the operation before. */
function reluFirst(placed: readonly PlacedLayer[]): PlacedLayer[] {
  const ordered = [...placed];
  for (let i = 1; i < ordered.length; i++) {
    const [before, here] = [ordered[i - 1] as PlacedLayer, ordered[i] as PlacedLayer];
    if (before.layer.type === 'dropout' && here.layer.type === 'relu') [ordered[i - 1], ordered[i]] = [here, before];
  }
  return ordered;
}

/** Reads a list of layers from the front. */
class Cursor {
  private at = 0;

  constructor(private readonly placed: readonly PlacedLayer[]) {}

  next(): PlacedLayer | undefined {
    return this.placed[this.at++];
  }

  /** Takes the next layer where it has the type. */
  take<Type extends PlacedLayer['layer']['type']>(
    type: Type,
  ): Extract<PlacedLayer, { readonly layer: { readonly type: Type } }> | undefined {
    const found = this.placed[this.at];
    if (found?.layer.type !== type) return undefined;
    this.at++;
    return found as Extract<PlacedLayer, { readonly layer: { readonly type: Type } }>;
  }
}

function siteOf(placed: PlacedLayer | undefined): DropoutSite | null {
  if (placed?.layer.type !== 'dropout' || isResidual(placed) || placed.layer.rate === 0) return null;
  return { rate: placed.layer.rate, perChannel: placed.layer.perChannel, site: placed.dropoutSite };
}

function fuseFrom(first: PlacedLayer, rest: Cursor): Operation | null {
  const done = (...others: (PlacedLayer | undefined)[]): At => {
    const layers = [first, ...others.filter((other) => other !== undefined)];
    return { input: first.input, output: (layers.at(-1) as PlacedLayer).output, layers };
  };
  if (isResidual(first)) {
    const relu = rest.take('relu');
    return {
      type: 'residual',
      layer: first.layer,
      branch: fuseLayers(first.branch),
      shortcut: fuseLayers(first.shortcut),
      relu: relu !== undefined,
      ...done(relu),
    };
  }
  const { layer } = first;
  switch (layer.type) {
    case 'conv2d':
    case 'batchNorm': {
      const relu = rest.take('relu');
      const dropout = rest.take('dropout');
      const tail = { relu: relu !== undefined, dropout: siteOf(dropout), ...done(relu, dropout) };
      return layer.type === 'conv2d'
        ? { type: 'conv2d', layer, ...tail, normalized: false }
        : { type: 'batchNorm', layer, ...tail, inputRelu: false };
    }
    case 'dense': {
      const activation = rest.take('relu') ?? rest.take('tanh');
      return {
        type: 'dense',
        layer,
        activation: activation?.layer.type ?? null,
        normalized: false,
        ...done(activation),
      };
    }
    case 'dropout': {
      const dropout = siteOf(first);
      return dropout === null ? null : { type: 'dropout', dropout, ...done() };
    }
    case 'maxPool':
      return { type: 'maxPool', layer, ...done() };
    case 'shortcutA':
      return { type: 'shortcutA', layer, ...done() };
    case 'globalAveragePool':
    case 'flatten':
      return { type: layer.type, ...done() };
    default:
      throw new Error(`${layer.type} must follow conv2d, dense, batchNorm or residual`);
  }
}

/** Marks what batch norm comes right behind, and batch norm that comes behind a dense layer's ReLU (a convolution is one operator with its batch norm). */
function linkNorms(operations: readonly Operation[]): Operation[] {
  return operations.map((operation, i) => {
    const before = operations[i - 1];
    if (operation.type === 'batchNorm')
      return { ...operation, inputRelu: before?.type === 'dense' && before.activation === 'relu' };
    const isWeighted = operation.type === 'dense' || (operation.type === 'conv2d' && operation.dropout === null);
    return isWeighted && operations[i + 1]?.type === 'batchNorm' ? { ...operation, normalized: true } : operation;
  });
}

/** The operations that do the layers: activations and dropout go into the operation before them, dropout of rate 0 vanishes. */
export function fuseLayers(placed: readonly PlacedLayer[]): readonly Operation[] {
  const cursor = new Cursor(reluFirst(placed));
  const operations: Operation[] = [];
  for (let first = cursor.next(); first !== undefined; first = cursor.next()) {
    const operation = fuseFrom(first, cursor);
    if (operation !== null) operations.push(operation);
  }
  return linkNorms(operations);
}
