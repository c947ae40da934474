import { addRelu, reluGrad } from '@bakeoff/kernels';
import { add } from '@tensorflow/tfjs-core';
import { Value } from '../value.ts';
import { type Gradients, Keeper, type Operator, type TrainingPass } from './operator.ts';
import type { Sequence } from './sequence.ts';

/** Where a residual block's branch and shortcut meet; Conv2dBatchNormOperator is one, too. */
export interface Sum {
  /** What it makes of branched, plus skipped [then ReLU]; both stay the caller's. */
  forwardSum(branched: Value, skipped: Value, pass: TrainingPass): Value;
  /** Takes dy over; the gradients by both inputs. */
  backwardSum(dy: Value, gradients: Gradients): { readonly branched: Value; readonly skipped: Value };
  forget(): void;
}

/** branched + skipped [+ ReLU]. */
export class SumOperator extends Keeper implements Sum {
  constructor(private readonly relu: boolean) {
    super();
  }

  forwardSum(branched: Value, skipped: Value): Value {
    const y = new Value((this.relu ? addRelu : add)(branched.tensor, skipped.tensor));
    this.keep(...(this.relu ? [y] : []));
    return y;
  }

  backwardSum(dy: Value): { readonly branched: Value; readonly skipped: Value } {
    const dz = this.take(([y]) =>
      y === undefined ? dy : dy.replace((tensor, overwrite) => reluGrad(tensor, y.tensor, { overwrite })),
    );
    return { branched: dz.retain(), skipped: dz };
  }
}

/** branch(x) and shortcut(x), summed up; an empty shortcut is the identity. */
export class ResidualOperator implements Operator {
  constructor(
    private readonly branch: Sequence,
    private readonly shortcut: Sequence,
    private readonly sum: Sum,
  ) {}

  forward(x: Value, pass: TrainingPass): Value {
    const skipped = this.shortcut.forward(x, pass);
    const branched = this.branch.forward(x, pass);
    const y = this.sum.forwardSum(branched, skipped, pass);
    branched.release();
    skipped.release();
    return y;
  }

  backward(dy: Value, gradients: Gradients): Value {
    const { branched, skipped } = this.sum.backwardSum(dy, gradients);
    return this.branch.backwardOnto(branched, gradients, this.shortcut.backward(skipped, gradients, true) as Value);
  }

  forget(): void {
    this.sum.forget();
    this.branch.forget();
    this.shortcut.forget();
  }
}
