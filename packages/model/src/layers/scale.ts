import type { Operator } from '../network/operator.ts';
import type { Ops } from '../network/operator.ts';
import { Value } from '../network/value.ts';
import { z } from 'zod';
import {
  keepsNothing,
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
    scale: ScaleLayer;
  }
}

/** factor · x, with a constant. */
export interface ScaleLayer {
  readonly type: 'scale';
  readonly factor: number;
}

export const scale: LayerKind<ScaleLayer> = {
  label: nameOrType,
  written: [
    writtenLayer(
      'scale',
      'Multiplies by a constant',
      { factor: z.number().describe('The constant') },
      ({ factor }, { name }) => ({ type: 'scale', name, factor }),
    ),
  ],
  paths: noPaths,
  outputShape: sameShape,
  weights: noWeights,
  counts: noCounts,
  takesOver: takesOverNothing,
  keeps: keepsNothing,
  operator: ({ layer }, { ops }) => new ScaleOperator(layer.factor, ops),
  predict:
    ({ layer: { factor } }, { ops }) =>
    (x) =>
      ops.mul(x, factor),
};

class ScaleOperator implements Operator {
  constructor(
    private readonly factor: number,
    private readonly ops: Ops,
  ) {}

  forward(x: Value): Value {
    return new Value(this.ops.mul(x.tensor, this.factor));
  }

  backward(dy: Value): Value {
    return dy.replace((tensor) => this.ops.mul(tensor, this.factor));
  }

  forget(): void {}
}
