import type { Operation } from '../../graph/fuse-layers.ts';
import type { Value } from '../value.ts';
import { BatchNormOperator } from './batch-norm.ts';
import { Conv2dOperator } from './conv2d.ts';
import { DenseOperator } from './dense.ts';
import type { Gradients, Operator, TrainingPass, Weights } from './operator.ts';
import { ResidualOperator } from './residual.ts';
import { DropoutOperator, FlattenOperator, GlobalAveragePoolOperator, MaxPoolOperator, ShortcutAOperator } from './reshaping.ts';

function createOperator(operation: Operation, weights: Weights): Operator {
  switch (operation.type) {
    case 'conv2d':
      return new Conv2dOperator(operation, weights);
    case 'batchNorm':
      return new BatchNormOperator(operation, weights);
    case 'dense':
      return new DenseOperator(operation, weights);
    case 'residual':
      return new ResidualOperator(new Sequence(operation.branch, weights), new Sequence(operation.shortcut, weights), operation.relu);
    case 'dropout':
      return new DropoutOperator(operation);
    case 'maxPool':
      return new MaxPoolOperator(operation);
    case 'shortcutA':
      return new ShortcutAOperator(operation);
    case 'globalAveragePool':
      return new GlobalAveragePoolOperator();
    case 'flatten':
      return new FlattenOperator();
  }
}

/** Operators one after the other; none at all is the identity. Each activation is freed as soon as no later pass needs it. */
export class Sequence implements Operator {
  private readonly operators: readonly Operator[];

  constructor(operations: readonly Operation[], weights: Weights) {
    this.operators = operations.map((operation) => createOperator(operation, weights));
  }

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
    for (let i = this.operators.length - 1; i >= 0 && current !== null; i--) {
      current = (this.operators[i] as Operator).backward(current, gradients, wantsInputGradient || i > 0);
    }
    return current;
  }

  forget(): void {
    for (const operator of this.operators) operator.forget();
  }
}
