import type { Operation, OperationOf } from '../../graph/fuse-layers.ts';
import { add } from '@tensorflow/tfjs-core';
import type { Value } from '../value.ts';
import { BatchNormOperator } from './batch-norm.ts';
import { Conv2dOperator } from './conv2d.ts';
import { Conv2dBatchNormOperator } from './conv2d-batch-norm.ts';
import { DenseOperator } from './dense.ts';
import type { Gradients, Operator, TrainingPass, Weights } from './operator.ts';
import { ResidualOperator, SumOperator } from './residual.ts';
import {
  DropoutOperator,
  FlattenOperator,
  GlobalAveragePoolOperator,
  MaxPoolOperator,
  ShortcutAOperator,
} from './reshaping.ts';

function createOperator(operation: Operation, weights: Weights): Operator {
  switch (operation.type) {
    case 'conv2d':
      return new Conv2dOperator(operation, weights);
    case 'batchNorm':
      return new BatchNormOperator(operation, weights);
    case 'dense':
      return new DenseOperator(operation, weights);
    case 'residual':
      return createResidual(operation, weights);
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

function createResidual({ branch, shortcut, relu }: OperationOf<'residual'>, weights: Weights): Operator {
  const [convolution, norm] = branch.slice(-2);
  // Convolution and batch norm at the branch's end add the shortcut and clamp in their own pass.
  const isNormalized =
    convolution?.type === 'conv2d' &&
    convolution.normalized &&
    norm?.type === 'batchNorm' &&
    !norm.relu &&
    norm.dropout === null;
  const sum = isNormalized
    ? new Conv2dBatchNormOperator(convolution, { ...norm, relu }, weights)
    : new SumOperator(relu);
  return new ResidualOperator(
    new Sequence(isNormalized ? branch.slice(0, -2) : branch, weights),
    new Sequence(shortcut, weights),
    sum,
  );
}

/** One for every operation, but one for a convolution and its batch norm. */
function createOperators(operations: readonly Operation[], weights: Weights): Operator[] {
  return operations.flatMap((operation, i) => {
    const [before, next] = [operations[i - 1], operations[i + 1]];
    if (operation.type === 'conv2d' && operation.normalized && next?.type === 'batchNorm')
      return [new Conv2dBatchNormOperator(operation, next, weights)];
    return before?.type === 'conv2d' && before.normalized ? [] : [createOperator(operation, weights)];
  });
}

/** Operators one after the other; none at all is the identity. Each activation is freed as soon as no later pass needs it. */
export class Sequence implements Operator {
  private readonly operators: readonly Operator[];

  constructor(operations: readonly Operation[], weights: Weights) {
    this.operators = createOperators(operations, weights);
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

  /** As backward, plus `onto`, which it takes over too. */
  backwardOnto(dy: Value, gradients: Gradients, onto: Value): Value {
    const [first, ...rest] = this.operators;
    let current = dy;
    for (const operator of rest.toReversed()) current = operator.backward(current, gradients, true) as Value;
    if (first?.backwardOnto !== undefined) return first.backwardOnto(current, gradients, onto);
    const dx = first === undefined ? current : (first.backward(current, gradients, true) as Value);
    return dx.replace((tensor) => onto.replace((other) => add(tensor, other)).tensor);
  }

  forget(): void {
    for (const operator of this.operators) operator.forget();
  }
}
