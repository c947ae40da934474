import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Operator } from '../operator.ts';
import { Value } from '../value.ts';

type Shape4D = Tensor4D['shape'];

/** An operation over [n, h, w, c] without weights, whose gradient needs only the input's shape. */
export class ShapeOperator implements Operator {
  private inputShape: Shape4D = [0, 0, 0, 0];

  constructor(
    private readonly run: (x: Tensor4D) => Tensor,
    private readonly runGrad: (dy: Tensor, inputShape: Shape4D) => Tensor,
  ) {}

  forward(x: Value): Value {
    this.inputShape = x.tensor4d.shape;
    return new Value(this.run(x.tensor4d));
  }

  backward(dy: Value): Value {
    return dy.replace((tensor) => this.runGrad(tensor, this.inputShape));
  }

  forget(): void {}
}
