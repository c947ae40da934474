import type { ModelCost } from '@bakeoff/core';
import type { Operator, OperatorContext, PredictionContext, PredictionStep } from '../network/operator.ts';
import type { Layer, Shape } from './layer.ts';
import type { LayerWeights } from './layer-weights.ts';
import type { WrittenLayer } from './written-layer.ts';
import type { FusedActivation, OperationOf } from './operation.ts';

/**
 * Forward operations of one image by convention, as the packages count them:
 * - macs: multiply-accumulates of convolutions and dense layers;
 * - ptflops 0.7.5 (`backend: pytorch`, `count_functional: False`): MACs, 1 per output for a bias, 2 per input of batch
 *   norm, 1 per input of pooling, 1 per output of a ReLU that is a module;
 * - fvcore 0.1.5: MACs without biases, 2 per input of batch norm in evaluation, 1 per input of adaptive average
 *   pooling;
 * - thop 0.1.1: MACs without biases, 4 per input of batch norm, inputs and outputs of adaptive average pooling.
 */
export type LayerCounts = Pick<ModelCost, 'macs' | 'ptflops' | 'fvcore' | 'thop'>;

/** Elements of one image's activations. */
interface Elements {
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * The complete description of one kind of layer. `plan` and `cost` read it without loading TensorFlow.js: a layer's
 * file imports only types from it, and the functions that compute are passed to `operator` and `predict` (see Ops).
 */
export interface LayerKind<L extends Layer = Layer> {
  /** The layer's name in tables; for a layer without a name, that of its kind, which is then numbered. */
  label(layer: L & Layer): string;
  /** How a manifest writes it; none where only architectures make it. */
  readonly written: readonly WrittenLayer[];
  /** The layers inside it, path by path; each path gets the layer's input. */
  paths(layer: L): readonly (readonly Layer[])[];
  /**
   * `pathOutputs`: the output shape of each of `paths`.
   * @throws LayerMisfit if the layer cannot take the input
   */
  outputShape(layer: L, input: Shape, pathOutputs: readonly Shape[]): Shape;
  /** The layer's own weights, without those of `paths`. */
  weights(layer: L, input: Shape): LayerWeights;
  /** The layer's own cost, without that of `paths`. */
  counts(layer: L, elements: Elements, input: Shape): LayerCounts;
  /** What it can apply to its own output in the same pass: one of `activations`, then dropout. */
  readonly takesOver: { readonly activations: readonly FusedActivation[]; readonly dropout: boolean };
  /**
   * What stays in memory for the backward pass. If the output is `input`, it shares the input's memory under another
   * shape.
   */
  keeps(operation: OperationOf<L>): { readonly input: boolean; readonly output: 'kept' | 'freed' | 'input' };
  /** Its training: forward and backward. */
  operator(operation: OperationOf<L>, context: OperatorContext): Operator;
  /** Its inference; null if it changes nothing. */
  predict(operation: OperationOf<L>, context: PredictionContext): PredictionStep | null;
}

/** The label of a layer that needs no name. */
export const nameOrType = ({ name, type }: Layer): string => name ?? type;
export const noPaths = (): [] => [];
export const noWeights = (): LayerWeights => ({ parameters: [], buffers: [] });
export const noCounts = (): LayerCounts => ({ macs: 0, ptflops: 0, fvcore: 0, thop: 0 });
export const sameShape = (_layer: Layer, input: Shape): Shape => input;
export const takesOverNothing = { activations: [], dropout: false } as const;
export const keepsNothing = () => ({ input: false, output: 'freed' }) as const;
export const keepsInput = () => ({ input: true, output: 'freed' }) as const;
export const keepsOutput = () => ({ input: false, output: 'kept' }) as const;
