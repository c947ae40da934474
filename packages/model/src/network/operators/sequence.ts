import type { Gradients, Operator, OperatorSequence, Ops, TrainingPass } from '../operator.ts';
import type { Value } from '../value.ts';

/**
 * Operators one after the other; none at all is the identity. Each activation is freed as soon as no later pass needs
 * it.
 */
export class Sequence implements OperatorSequence {
  constructor(
    private readonly operators: readonly Operator[],
    private readonly ops: Ops,
  ) {}

  forward(x: Value, pass: TrainingPass): Value {
    let current = x.retain();
    for (const operator of this.operators) {
      const next = operator.forward(current, pass);
      current.release();
      current = next;
    }
    return current;
  }

  backward(dy: Value, gradients: Gradients, wantsInputGradient: boolean): Value | null {
    let current: Value | null = dy;
    for (const operator of this.operators.toReversed()) {
      if (current === null) break;
      current = operator.backward(current, gradients, wantsInputGradient || operator !== this.operators[0]);
    }
    return current;
  }

  /** Like backward, plus `onto`, of which it also takes ownership. */
  backwardOnto(dy: Value, gradients: Gradients, onto: Value): Value {
    const [first, ...rest] = this.operators;
    let current = dy;
    for (const operator of rest.toReversed()) current = inputGradient(operator, current, gradients);
    if (first?.backwardOnto !== undefined) return first.backwardOnto(current, gradients, onto);
    const dx = first === undefined ? current : inputGradient(first, current, gradients);
    return dx.replace((tensor) => onto.replace((other) => this.ops.add(tensor, other)).tensor);
  }

  forget(): void {
    for (const operator of this.operators) operator.forget();
  }
}

/** An operator that is asked for its input's gradient returns one. */
function inputGradient(operator: Operator, dy: Value, gradients: Gradients): Value {
  return operator.backward(dy, gradients, true)!;
}
