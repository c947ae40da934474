import { ActivationOperator } from '../network/operators/activation-operator.ts';
import {
  keepsOutput,
  type LayerKind,
  nameOrType,
  noCounts,
  noPaths,
  noWeights,
  sameShape,
  takesOverNothing,
} from './layer-kind.ts';
import { writtenLayer } from './written-layer.ts';

declare module './layer.ts' {
  interface LayerTypes {
    relu: ReluLayer;
  }
}

/**
 * `asModule`: PyTorch's definition of the network has it as a module; ptflops counts modules and ignores function
 * calls.
 */
export interface ReluLayer {
  readonly type: 'relu';
  readonly asModule: boolean;
}

export const relu: LayerKind<ReluLayer> = {
  label: nameOrType,
  written: [writtenLayer('relu', 'max(0, x)', {}, (_settings, { name }) => ({ type: 'relu', name, asModule: true }))],
  paths: noPaths,
  outputShape: sameShape,
  weights: noWeights,
  counts: ({ asModule }, { outputs }) => ({ ...noCounts(), ptflops: asModule ? outputs : 0 }),
  takesOver: takesOverNothing,
  keeps: keepsOutput,
  operator: (_operation, { ops }) =>
    new ActivationOperator(
      (x) => ops.relu(x),
      (dy, y, overwrite) => ops.reluGrad(dy, y, { overwrite }),
    ),
  predict:
    (_operation, { ops }) =>
    (x) =>
      ops.relu(x),
};
