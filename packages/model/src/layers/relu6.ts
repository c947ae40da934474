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
    relu6: Relu6Layer;
  }
}

/** min(max(0, x), 6) (Sandler et al. 2018). */
export interface Relu6Layer {
  readonly type: 'relu6';
}

export const relu6: LayerKind<Relu6Layer> = {
  label: nameOrType,
  written: [writtenLayer('relu6', 'min(max(0, x), 6)', {}, (_settings, { name }) => ({ type: 'relu6', name }))],
  paths: noPaths,
  outputShape: sameShape,
  weights: noWeights,
  counts: noCounts,
  takesOver: takesOverNothing,
  keeps: keepsOutput,
  operator: (_operation, { ops }) =>
    new ActivationOperator(
      (x) => ops.relu6(x),
      (dy, y, overwrite) => ops.relu6Grad(dy, y, { overwrite }),
    ),
  predict:
    (_operation, { ops }) =>
    (x) =>
      ops.relu6(x),
};
