import type { Tensor4D } from '@tensorflow/tfjs-core';
import { ShapeOperator } from '../network/operators/shape-operator.ts';
import {
  keepsNothing,
  type LayerKind,
  nameOrType,
  noCounts,
  noPaths,
  noWeights,
  takesOverNothing,
} from './layer-kind.ts';
import { pooledShape } from './window-shape.ts';
import { poolingWindow, writtenLayer } from './written-layer.ts';

declare module './layer.ts' {
  interface LayerTypes {
    averagePool: AveragePoolLayer;
  }
}

/** The mean of each window; padding counts as zeros, as in torch.nn.AvgPool2d. */
export interface AveragePoolLayer {
  readonly type: 'averagePool';
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

export const averagePool: LayerKind<AveragePoolLayer> = {
  label: nameOrType,
  written: [
    writtenLayer(
      'averagePool',
      'Mean of each window, in which padding counts as zeros',
      poolingWindow,
      ({ kernel, stride = kernel, padding }, { name }) => ({
        type: 'averagePool',
        name,
        size: kernel,
        stride,
        padding,
      }),
    ),
  ],
  paths: noPaths,
  outputShape: pooledShape,
  weights: noWeights,
  counts: (_layer, { inputs }) => ({ ...noCounts(), ptflops: inputs }),
  takesOver: takesOverNothing,
  keeps: keepsNothing,
  operator: ({ layer }, { ops }) =>
    new ShapeOperator(
      (x) => ops.averagePool(x, layer),
      (dy, inputShape) => ops.averagePoolGrad(dy as Tensor4D, inputShape, layer),
    ),
  predict:
    ({ layer }, { ops }) =>
    (x) =>
      ops.averagePool(x as Tensor4D, layer),
};
