import { addRelu, reluGrad } from '@bakeoff/wasm-kernels';
import { add } from '@tensorflow/tfjs-core';
import { Value } from '../value.ts';
import { type Gradients, KeepingOperator, type Operator, type TrainingPass } from './operator.ts';
import type { Sequence } from './sequence.ts';

/** branch(x) + shortcut(x) [+ ReLU]; an empty shortcut is the identity. */
export class ResidualOperator extends KeepingOperator implements Operator {
  constructor(private readonly branch: Sequence, private readonly shortcut: Sequence, private readonly relu: boolean) {
    super();
  }

  forward(x: Value, pass: TrainingPass): Value {
    const skipped = this.shortcut.forward(x, pass);
    const branched = this.branch.forward(x, pass);
    const y = new Value((this.relu ? addRelu : add)(branched.tensor, skipped.tensor));
    branched.release();
    skipped.release();
    this.keep(...(this.relu ? [y] : []));
    return y;
  }

  backward(dy: Value, gradients: Gradients): Value {
    const dz = this.take(([y]) => (y === undefined ? dy : dy.replace((tensor) => reluGrad(tensor, y.tensor))));
    const branched = this.branch.backward(dz.retain(), gradients, true) as Value;
    const skipped = this.shortcut.backward(dz, gradients, true) as Value;
    const dx = new Value(add(branched.tensor, skipped.tensor));
    branched.release();
    skipped.release();
    return dx;
  }

  override forget(): void {
    super.forget();
    this.branch.forget();
    this.shortcut.forget();
  }
}
