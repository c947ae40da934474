import type { Operator, TrainingPass } from '../network/operator.ts';
import { DropoutTail } from '../network/operators/dropout-tail.ts';
import type { Value } from '../network/value.ts';
import {
  keepsNothing,
  type LayerKind,
  noCounts,
  noPaths,
  noWeights,
  sameShape,
  takesOverNothing,
} from './layer-kind.ts';

declare module './layer.ts' {
  interface LayerTypes {
    dropout: DropoutLayer;
  }
}

/** `perChannel` drops whole channels of a sample (dropout2d). */
export interface DropoutLayer {
  readonly type: 'dropout';
  readonly rate: number;
  readonly perChannel: boolean;
}

export const dropout: LayerKind<DropoutLayer> = {
  label: ({ perChannel }) => (perChannel ? 'dropout2d' : 'dropout'),
  paths: noPaths,
  outputShape: sameShape,
  weights: noWeights,
  counts: noCounts,
  takesOver: takesOverNothing,
  keeps: keepsNothing,
  operator: (operation, { ops }) => new DropoutOperator(new DropoutTail(operation.dropout, ops)),
  predict: () => null,
};

/** Dropout that no operation before it can apply. */
class DropoutOperator implements Operator {
  constructor(private readonly tail: DropoutTail) {}

  forward(x: Value, pass: TrainingPass): Value {
    return this.tail.forward(x.retain(), pass);
  }

  backward(dy: Value): Value {
    return this.tail.backward(dy);
  }

  forget(): void {}
}
