import { ActivationOperator } from '../network/operators/activation-operator.ts';
import {
  keepsInput,
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
    silu: SiluLayer;
  }
}

/** x · sigmoid(x), also called swish (Elfwing et al. 2018). */
export interface SiluLayer {
  readonly type: 'silu';
}

export const silu: LayerKind<SiluLayer> = {
  label: nameOrType,
  written: [writtenLayer('silu', 'x · sigmoid(x)', {}, (_settings, { name }) => ({ type: 'silu', name }))],
  paths: noPaths,
  outputShape: sameShape,
  weights: noWeights,
  counts: noCounts,
  takesOver: takesOverNothing,
  keeps: keepsInput,
  operator: (_operation, { ops }) =>
    new ActivationOperator(
      (x) => ops.silu(x),
      (dy, x, overwrite) => ops.siluGrad(dy, x, { overwrite }),
      'input',
    ),
  predict:
    (_operation, { ops }) =>
    (x) =>
      ops.silu(x),
};
