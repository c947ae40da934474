import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { ShapeOperator } from '../network/operators/shape-operator.ts';
import { keepsNothing, type LayerKind, nameOrType, noPaths, noWeights, takesOverNothing } from './layer-kind.ts';
import { featureMap } from './window-shape.ts';
import { writtenLayer } from './written-layer.ts';

declare module './layer.ts' {
  interface LayerTypes {
    globalAveragePool: GlobalAveragePoolLayer;
  }
}

/** [h, w, c] → [c] */
export interface GlobalAveragePoolLayer {
  readonly type: 'globalAveragePool';
}

export const globalAveragePool: LayerKind<GlobalAveragePoolLayer> = {
  label: nameOrType,
  written: [
    writtenLayer(
      'globalAveragePool',
      'Mean of each channel: [height, width, channels] to [channels]',
      {},
      (_settings, { name }) => ({ type: 'globalAveragePool', name }),
    ),
  ],
  paths: noPaths,
  outputShape: ({ type }, input) => [featureMap(type, input)[2]],
  weights: noWeights,
  counts: (_layer, { inputs, outputs }) => ({ macs: 0, ptflops: inputs, fvcore: inputs, thop: inputs + outputs }),
  takesOver: takesOverNothing,
  keeps: keepsNothing,
  operator: (_operation, { ops }) =>
    new ShapeOperator(
      (x) => ops.globalAveragePool(x),
      (dy, inputShape) => ops.globalAveragePoolGrad(dy as Tensor2D, inputShape),
    ),
  predict:
    (_operation, { ops }) =>
    (x) =>
      ops.globalAveragePool(x as Tensor4D),
};
