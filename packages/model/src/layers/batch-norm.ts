import type { Tensor1D } from '@tensorflow/tfjs-core';
import { Keeper } from '../network/keeper.ts';
import type {
  Gradients,
  Operator,
  OperatorContext,
  Ops,
  PredictionContext,
  TrainingPass,
} from '../network/operator.ts';
import { DropoutTail } from '../network/operators/dropout-tail.ts';
import { BATCH_NORM_EPSILON, NormWeights } from '../network/operators/norm-weights.ts';
import { Value } from '../network/value.ts';
import type { Shape } from './layer.ts';
import { type LayerKind, noPaths, sameShape } from './layer-kind.ts';
import type { OperationOf } from './operation.ts';
import { writtenLayer } from './written-layer.ts';

declare module './layer.ts' {
  interface LayerTypes {
    batchNorm: BatchNormLayer;
  }
}

/** Over all axes except the last; ε 1e-5, running momentum 0.1. */
export interface BatchNormLayer {
  readonly type: 'batchNorm';
  readonly name: string;
}

export const batchNorm: LayerKind<BatchNormLayer> = {
  label: ({ name }) => name,
  written: [
    writtenLayer(
      'batchNorm',
      'Batch normalization with learned scale and shift; epsilon 1e-5, running momentum 0.1',
      {},
      (_settings, { name }) => ({ type: 'batchNorm', name }),
    ),
  ],
  paths: noPaths,
  outputShape: sameShape,
  weights({ name }, input) {
    const vector = (suffix: string, initializer: 'zeros' | 'ones') => ({
      name: `${name}.${suffix}`,
      shape: input.slice(-1) as Shape,
      start: { initializer },
    });
    return {
      parameters: [vector('weight', 'ones'), vector('bias', 'zeros')],
      buffers: [vector('running_mean', 'zeros'), vector('running_var', 'ones')],
    };
  },
  counts: (_layer, { inputs }) => ({ macs: 0, ptflops: 2 * inputs, fvcore: 2 * inputs, thop: 4 * inputs }),
  takesOver: { activations: ['relu'], dropout: true },
  keeps: ({ activation }) => ({ input: true, output: activation === null ? 'freed' : 'kept' }),
  operator: (operation, context) => new BatchNormOperator(operation, context),
  predict({ layer, activation }, context) {
    const { scale, shift } = scaleAndShift(layer, context);
    return (x) => context.ops.scaleShift(x, scale, shift, { relu: activation === 'relu' });
  },
};

/** scale·x + shift, each [channels]: batch norm in evaluation. */
export function scaleAndShift(
  { name }: BatchNormLayer,
  { ops, weights, own }: PredictionContext,
): { readonly scale: Tensor1D; readonly shift: Tensor1D } {
  const vector = (suffix: string) => weights.vector(`${name}.${suffix}`);
  const scale = own<Tensor1D>(() =>
    ops.mul(vector('weight'), ops.rsqrt(ops.add(vector('running_var'), BATCH_NORM_EPSILON))),
  );
  const shift = own<Tensor1D>(() => ops.sub(vector('bias'), ops.mul(vector('running_mean'), scale)));
  return { scale, shift };
}

/**
 * Training-mode batch normalization [+ ReLU] [+ dropout] over all axes except the last; updates the running statistics.
 */
class BatchNormOperator extends Keeper<[x: Value, y: Value | null, ...statistics: Value[]]> implements Operator {
  private readonly norm: NormWeights;
  private readonly ops: Ops;
  private readonly tail: DropoutTail;

  constructor(
    private readonly operation: OperationOf<BatchNormLayer>,
    { ops, weights }: OperatorContext,
  ) {
    super();
    this.norm = new NormWeights(operation.layer.name, weights);
    this.ops = ops;
    this.tail = new DropoutTail(operation.dropout, ops);
  }

  forward(x: Value, pass: TrainingPass): Value {
    const { gamma, beta, running } = this.norm;
    const relu = this.operation.activation === 'relu';
    this.norm.checkCount(x.tensor.size / gamma.size);
    const settings = { epsilon: BATCH_NORM_EPSILON, relu, running };
    const { y: normalized, statistics } = this.ops.batchNorm(x.tensor, gamma, beta, settings);
    const y = this.tail.forward(new Value(normalized), pass);
    const kept = statistics.map((tensor) => new Value(tensor));
    this.keep(x, relu ? y : null, ...kept);
    for (const each of kept) each.release();
    return y;
  }

  backward(dy: Value, gradients: Gradients): Value {
    const { activation, inputRelu } = this.operation;
    return this.take(([x, y, ...statistics]) => {
      const dz = this.tail.backward(dy);
      const settings = { epsilon: BATCH_NORM_EPSILON, relu: activation === 'relu', inputRelu, overwrite: dz.isSole };
      // The kernel reads only whether y is positive. Dropout after it does not change that where gradients pass.
      const { dx, dGamma, dBeta } = this.ops.batchNormGrad(
        x.tensor,
        dz.tensor,
        y?.tensor ?? null,
        this.norm.gamma,
        statistics.map(({ tensor }) => tensor),
        settings,
      );
      dz.release();
      this.norm.setGradients(gradients, dGamma, dBeta);
      return new Value(dx);
    });
  }
}
