import type { Tensor4D } from '@tensorflow/tfjs-core';
import { Keeper } from '../network/keeper.ts';
import type { Operator, Ops } from '../network/operator.ts';
import { Value } from '../network/value.ts';
import { type LayerKind, nameOrType, noCounts, noPaths, noWeights, takesOverNothing } from './layer-kind.ts';
import { pooledShape } from './window-shape.ts';
import { poolingWindow, writtenLayer } from './written-layer.ts';

declare module './layer.ts' {
  interface LayerTypes {
    maxPool: MaxPoolLayer;
  }
}

export interface MaxPoolLayer {
  readonly type: 'maxPool';
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
}

export const maxPool: LayerKind<MaxPoolLayer> = {
  label: nameOrType,
  written: [
    writtenLayer(
      'maxPool',
      'Maximum of each window',
      poolingWindow,
      ({ kernel, stride = kernel, padding }, { name }) => ({ type: 'maxPool', name, size: kernel, stride, padding }),
    ),
  ],
  paths: noPaths,
  outputShape: pooledShape,
  weights: noWeights,
  counts: (_layer, { inputs }) => ({ ...noCounts(), ptflops: inputs }),
  takesOver: takesOverNothing,
  keeps: () => ({ input: true, output: 'kept' }),
  operator: ({ layer }, { ops }) => new MaxPoolOperator(layer, ops),
  predict:
    ({ layer }, { ops }) =>
    (x) =>
      ops.maxPool(x as Tensor4D, layer),
};

class MaxPoolOperator extends Keeper<[x: Value, y: Value]> implements Operator {
  constructor(
    private readonly layer: MaxPoolLayer,
    private readonly ops: Ops,
  ) {
    super();
  }

  forward(x: Value): Value {
    const y = new Value(this.ops.maxPool(x.tensor4d, this.layer));
    this.keep(x, y);
    return y;
  }

  backward(dy: Value): Value {
    return this.take(([x, y]) =>
      dy.replace((tensor) => this.ops.maxPoolGrad(x.tensor4d, y.tensor4d, tensor as Tensor4D, this.layer)),
    );
  }
}
