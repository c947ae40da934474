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
import type { OperationOf } from './operation.ts';
import { featureMap, windowedShape } from './window-shape.ts';

declare module './layer.ts' {
  interface LayerTypes {
    shortcutA: ShortcutALayer;
  }
}

/**
 * He et al. 2016's option A: every `stride`-th pixel, then the same number of zero channels added on each side (or
 * cropped, if there are fewer output channels).
 */
export interface ShortcutALayer {
  readonly type: 'shortcutA';
  readonly stride: number;
  readonly channels: number;
}

export const shortcutA: LayerKind<ShortcutALayer> = {
  label: nameOrType,
  written: [],
  paths: noPaths,
  outputShape: ({ type, stride, channels }, input) =>
    windowedShape(type, input, { size: 1, stride, padding: 0 }, channels),
  weights: noWeights,
  counts: noCounts,
  takesOver: takesOverNothing,
  keeps: keepsNothing,
  operator(operation, { ops }) {
    const settings = kernelSettings(operation);
    return new ShapeOperator(
      (x) => ops.shortcutA(x, settings),
      (dy, inputShape) => ops.shortcutAGrad(dy as Tensor4D, inputShape, settings),
    );
  },
  predict(operation, { ops }) {
    const settings = kernelSettings(operation);
    return (x) => ops.shortcutA(x as Tensor4D, settings);
  },
};

/** `channelPad`: the channels added on each side; negative if they are cropped. */
function kernelSettings({ layer: { type, stride, channels }, input }: OperationOf<ShortcutALayer>): {
  readonly stride: number;
  readonly channelPad: number;
} {
  return { stride, channelPad: (channels - featureMap(type, input)[2]) / 2 };
}
