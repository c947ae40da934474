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
    gelu: GeluLayer;
  }
}

/** x · Φ(x), with the normal distribution itself and not its approximation by tanh (Hendrycks and Gimpel 2016). */
export interface GeluLayer {
  readonly type: 'gelu';
}

export const gelu: LayerKind<GeluLayer> = {
  label: nameOrType,
  written: [
    writtenLayer('gelu', 'x · Φ(x), exact (not the approximation by tanh)', {}, (_settings, { name }) => ({
      type: 'gelu',
      name,
    })),
  ],
  paths: noPaths,
  outputShape: sameShape,
  weights: noWeights,
  counts: noCounts,
  takesOver: takesOverNothing,
  keeps: keepsInput,
  operator: (_operation, { ops }) =>
    new ActivationOperator(
      (x) => ops.gelu(x),
      (dy, x, overwrite) => ops.geluGrad(dy, x, { overwrite }),
      'input',
    ),
  predict:
    (_operation, { ops }) =>
    (x) =>
      ops.gelu(x),
};
