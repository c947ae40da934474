import { ShapeOperator } from '../network/operators/shape-operator.ts';
import { type LayerKind, nameOrType, noCounts, noPaths, noWeights, takesOverNothing } from './layer-kind.ts';
import { writtenLayer } from './written-layer.ts';

declare module './layer.ts' {
  interface LayerTypes {
    flatten: FlattenLayer;
  }
}

/** [h, w, c] → [h·w·c], in that order (PyTorch's is c, h, w). */
export interface FlattenLayer {
  readonly type: 'flatten';
}

export const flatten: LayerKind<FlattenLayer> = {
  label: nameOrType,
  written: [
    writtenLayer('flatten', '[height, width, channels] to [features]', {}, (_settings, { name }) => ({
      type: 'flatten',
      name,
    })),
  ],
  paths: noPaths,
  outputShape: (_layer, input) => [input.reduce((product, extent) => product * extent, 1)],
  weights: noWeights,
  counts: noCounts,
  takesOver: takesOverNothing,
  keeps: () => ({ input: false, output: 'input' }),
  operator: (_operation, { ops }) =>
    new ShapeOperator(
      (x) => ops.reshape(x, [x.shape[0], -1]),
      (dy, inputShape) => ops.reshape(dy, inputShape),
    ),
  predict:
    (_operation, { ops }) =>
    (x) =>
      ops.reshape(x, [x.shape[0], -1]),
};
