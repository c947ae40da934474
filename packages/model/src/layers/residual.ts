import type { Gradients, Operator, OperatorContext, OperatorSequence, TrainingPass } from '../network/operator.ts';
import { Conv2dBatchNormOperator } from '../network/operators/conv2d-batch-norm.ts';
import { type Sum, SumOperator } from '../network/operators/sum.ts';
import type { Value } from '../network/value.ts';
import type { Layer } from './layer.ts';
import { type LayerKind, noCounts, noWeights } from './layer-kind.ts';
import { LayerMisfit, showShape } from './misfit.ts';
import type { Operation, OperationOf } from './operation.ts';

declare module './layer.ts' {
  interface LayerTypes {
    residual: ResidualLayer;
  }
}

/** Sum of two paths from one input; an empty `shortcut` is the identity. */
export interface ResidualLayer {
  readonly type: 'residual';
  readonly name: string;
  readonly branch: readonly Layer[];
  readonly shortcut: readonly Layer[];
}

export const residual: LayerKind<ResidualLayer> = {
  label: ({ name }) => `${name}.add`,
  written: [],
  paths: ({ branch, shortcut }) => [branch, shortcut],
  outputShape(_layer, input, [branch = input, shortcut = input]) {
    if (branch.join() !== shortcut.join())
      throw new LayerMisfit('residual: its branch and its shortcut give different shapes', {
        received: `an input of ${showShape(input)}, of which the branch makes ${showShape(branch)} and the shortcut ${showShape(shortcut)}`,
        allowed: 'one shape',
        fix: 'keep the shape in the branch, or write shortcut: A, shortcut: B, or layers that make the same shape',
      });
    return branch;
  },
  weights: noWeights,
  counts: noCounts,
  takesOver: { activations: ['relu'], dropout: false },
  keeps: ({ activation }) => ({ input: false, output: activation === null ? 'freed' : 'kept' }),
  operator: createOperator,
  predict(operation, { ops, path }) {
    const { branch: branchOperations, shortcut: shortcutOperations } = pathsOf(operation);
    const [branch, shortcut] = [path(branchOperations), path(shortcutOperations)];
    return (x) => {
      const [branched, skipped] = [branch(x), shortcut(x)];
      const y = (operation.activation === 'relu' ? ops.addRelu : ops.add)(branched, skipped);
      for (const tensor of [branched, skipped]) if (tensor !== x) tensor.dispose();
      return y;
    };
  },
};

function pathsOf({ paths: [branch = [], shortcut = []] }: OperationOf<ResidualLayer>): {
  readonly branch: readonly Operation[];
  readonly shortcut: readonly Operation[];
} {
  return { branch, shortcut };
}

function createOperator(operation: OperationOf<ResidualLayer>, context: OperatorContext): Operator {
  const { branch, shortcut } = pathsOf(operation);
  const { activation } = operation;
  const [convolution, norm] = branch.slice(-2);
  const skip = context.sequence(shortcut);
  // Convolution and batch norm at the end of the branch add the shortcut and clamp in their own pass.
  if (
    convolution?.type === 'conv2d' &&
    convolution.normalized &&
    norm?.type === 'batchNorm' &&
    norm.activation === null &&
    norm.dropout === null
  ) {
    const sum = new Conv2dBatchNormOperator(convolution, { ...norm, activation }, context);
    return new ResidualOperator(context.sequence(branch.slice(0, -2)), skip, sum);
  }
  return new ResidualOperator(context.sequence(branch), skip, new SumOperator(activation === 'relu', context.ops));
}

/** The sum of branch(x) and shortcut(x); an empty shortcut is the identity. */
class ResidualOperator implements Operator {
  constructor(
    private readonly branch: OperatorSequence,
    private readonly shortcut: OperatorSequence,
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
    return this.branch.backwardOnto(branched, gradients, this.shortcut.backward(skipped, gradients, true)!);
  }

  forget(): void {
    this.sum.forget();
    this.branch.forget();
    this.shortcut.forget();
  }
}
