import { ActivationOperator } from '../network/operators/activation-operator.ts';
import {
  keepsOutput,
  type LayerKind,
  noCounts,
  noPaths,
  noWeights,
  sameShape,
  takesOverNothing,
} from './layer-kind.ts';

declare module './layer.ts' {
  interface LayerTypes {
    tanh: TanhLayer;
  }
}

export interface TanhLayer {
  readonly type: 'tanh';
}

export const tanh: LayerKind<TanhLayer> = {
  label: ({ type }) => type,
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
