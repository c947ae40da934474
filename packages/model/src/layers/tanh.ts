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
    tanh: TanhLayer;
  }
}

export interface TanhLayer {
  readonly type: 'tanh';
}

export const tanh: LayerKind<TanhLayer> = {
  label: nameOrType,
  written: [writtenLayer('tanh', 'Hyperbolic tangent', {}, (_settings, { name }) => ({ type: 'tanh', name }))],
  paths: noPaths,
  outputShape: sameShape,
  weights: noWeights,
  counts: noCounts,
  takesOver: takesOverNothing,
  keeps: keepsOutput,
  operator: (_operation, { ops }) =>
    new ActivationOperator(
      (x) => ops.tanh(x),
      (dy, y) => ops.tanhGrad(dy, y),
    ),
  predict:
    (_operation, { ops }) =>
    (x) =>
      ops.tanh(x),
};
