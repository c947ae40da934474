import type { Tensor } from '@tensorflow/tfjs-core';
import { Keeper } from '../keeper.ts';
import type { Operator } from '../operator.ts';
import { Value } from '../value.ts';

/** An activation that no layer before it can apply; its gradient is a function of its output. */
export class ActivationOperator extends Keeper<[y: Value]> implements Operator {
  constructor(
    private readonly run: (x: Tensor) => Tensor,
    private readonly runGrad: (dy: Tensor, y: Tensor, overwrite: boolean) => Tensor,
  ) {
    super();
  }

  forward(x: Value): Value {
    const y = new Value(this.run(x.tensor));
    this.keep(y);
    return y;
  }

  backward(dy: Value): Value {
    return this.take(([y]) => dy.replace((tensor, overwrite) => this.runGrad(tensor, y.tensor, overwrite)));
  }
}
