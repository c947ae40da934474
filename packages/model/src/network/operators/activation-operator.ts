import type { Tensor } from '@tensorflow/tfjs-core';
import { Keeper } from '../keeper.ts';
import type { Operator } from '../operator.ts';
import { Value } from '../value.ts';

/** An activation that no layer before it can apply; its gradient is a function of its output, or of its input. */
export class ActivationOperator extends Keeper<[known: Value]> implements Operator {
  constructor(
    private readonly run: (x: Tensor) => Tensor,
    private readonly runGrad: (dy: Tensor, known: Tensor, overwrite: boolean) => Tensor,
    private readonly known: 'input' | 'output' = 'output',
  ) {
    super();
  }

  forward(x: Value): Value {
    const y = new Value(this.run(x.tensor));
    this.keep(this.known === 'input' ? x : y);
    return y;
  }

  backward(dy: Value): Value {
    return this.take(([known]) => dy.replace((tensor, overwrite) => this.runGrad(tensor, known.tensor, overwrite)));
  }
}
