import type { Operation } from '../layers/operation.ts';
import { kindOf } from '../layers/registry.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { Conv2dBatchNormOperator } from './operators/conv2d-batch-norm.ts';
import { Sequence } from './operators/sequence.ts';
import * as ops from './ops.ts';
import type { Weights } from './weights.ts';

/** One operator per operation, except that a convolution and its batch norm share one. */
function createOperators(operations: readonly Operation[], context: OperatorContext): Operator[] {
  return operations.flatMap((operation, i) => {
    const [before, next] = [operations[i - 1], operations[i + 1]];
    if (operation.type === 'conv2d' && operation.normalized && next?.type === 'batchNorm')
      return [new Conv2dBatchNormOperator(operation, next, context)];
    if (before?.type === 'conv2d' && before.normalized) return [];
    return [kindOf(operation.layer).operator(operation, context)];
  });
}

/** Trains operations, one after another, on the current engine. */
export function createSequence(operations: readonly Operation[], weights: Weights): Sequence {
  const sequence = (path: readonly Operation[]) => createSequence(path, weights);
  return new Sequence(createOperators(operations, { ops, weights, sequence }), ops);
}
