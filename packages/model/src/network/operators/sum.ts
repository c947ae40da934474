import { Keeper } from '../keeper.ts';
import type { Gradients, Ops, TrainingPass } from '../operator.ts';
import { Value } from '../value.ts';

/** Where a residual block's branch and shortcut meet; Conv2dBatchNormOperator is also one. */
export interface Sum {
  /** Its function of `branched`, plus `skipped` [then ReLU]; both stay the caller's. */
  forwardSum(branched: Value, skipped: Value, pass: TrainingPass): Value;
  /** Takes ownership of dy; returns the gradients with respect to both inputs. */
  backwardSum(dy: Value, gradients: Gradients): { readonly branched: Value; readonly skipped: Value };
  forget(): void;
}

/** branched + skipped [+ ReLU]. */
export class SumOperator extends Keeper<[y: Value | null]> implements Sum {
  constructor(
    private readonly relu: boolean,
    private readonly ops: Ops,
  ) {
    super();
  }

  forwardSum(branched: Value, skipped: Value): Value {
    const { addRelu, add } = this.ops;
    const y = new Value((this.relu ? addRelu : add)(branched.tensor, skipped.tensor));
    this.keep(this.relu ? y : null);
    return y;
  }

  backwardSum(dy: Value): { readonly branched: Value; readonly skipped: Value } {
    const dz = this.take(([y]) =>
      y === null ? dy : dy.replace((tensor, overwrite) => this.ops.reluGrad(tensor, y.tensor, { overwrite })),
    );
    return { branched: dz.retain(), skipped: dz };
  }
}
