import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { Keeper } from '../network/keeper.ts';
import type { Gradients, Operator, OperatorContext, Ops } from '../network/operator.ts';
import { Value } from '../network/value.ts';
import { type LayerKind, noPaths } from './layer-kind.ts';
import { affineWeights, type WeightInitializer } from './layer-weights.ts';
import type { OperationOf } from './operation.ts';
import { features } from './window-shape.ts';

declare module './layer.ts' {
  interface LayerTypes {
    dense: DenseLayer;
  }
}

export interface DenseLayer {
  readonly type: 'dense';
  readonly name: string;
  readonly units: number;
  readonly initializer: WeightInitializer;
}

export const dense: LayerKind<DenseLayer> = {
  label: ({ name }) => name,
  paths: noPaths,
  outputShape({ name, units }, input) {
    features(`dense ${name}`, input);
    return [units];
  },
  weights({ name, units, initializer }, input) {
    const inputs = features(`dense ${name}`, input);
    return affineWeights(name, [inputs, units], { inputs, outputs: units, receptive: 1, initializer, bias: true });
  },
  counts(_layer, { inputs, outputs }) {
    const macs = inputs * outputs;
    return { macs, ptflops: macs + outputs, fvcore: macs, thop: macs };
  },
  takesOver: { activations: ['relu', 'tanh'], dropout: false },
  keeps: ({ activation }) => ({ input: true, output: activation === null ? 'freed' : 'kept' }),
  operator: (operation, context) => new DenseOperator(operation, context),
  predict({ layer: { name }, activation }, { ops, weights }) {
    const [kernel, bias] = [weights.matrix(`${name}.weight`), weights.vector(`${name}.bias`)];
    return (x) => ops.dense(x as Tensor2D, kernel, bias, activation ?? undefined);
  },
};

/** Dense + bias [+ ReLU or tanh]. */
class DenseOperator extends Keeper<[x: Value, y: Value | null]> implements Operator {
  private readonly kernel: Tensor2D;
  private readonly bias: Tensor1D;
  private readonly ops: Ops;

  constructor(
    private readonly operation: OperationOf<DenseLayer>,
    { ops, weights }: OperatorContext,
  ) {
    super();
    this.kernel = weights.matrix(`${operation.layer.name}.weight`);
    this.bias = weights.vector(`${operation.layer.name}.bias`);
    this.ops = ops;
  }

  forward(x: Value): Value {
    const { activation, normalized } = this.operation;
    const y = new Value(this.ops.dense(x.tensor2d, this.kernel, this.bias, activation ?? undefined));
    // Batch norm after a ReLU returns the gradient before that ReLU.
    this.keep(x, activation === null || (activation === 'relu' && normalized) ? null : y);
    return y;
  }

  backward(dy: Value, gradients: Gradients, wantsInputGradient: boolean): Value | null {
    const { ops } = this;
    const { activation, normalized, layer } = this.operation;
    return this.take(([x, y]) => {
      const dz =
        y === null
          ? dy
          : dy.replace((tensor, overwrite) =>
              activation === 'relu' ? ops.reluGrad(tensor, y.tensor, { overwrite }) : ops.tanhGrad(tensor, y.tensor),
            );
      const output = dz.tensor2d;
      gradients.set(`${layer.name}.weight`, ops.denseGradWeights(x.tensor2d, output));
      const isCancelled = normalized && activation === null;
      gradients.set(`${layer.name}.bias`, isCancelled ? ops.zerosLike(this.bias) : ops.biasGrad(output));
      const dx = wantsInputGradient ? new Value(ops.denseGradInput(output, this.kernel)) : null;
      dz.release();
      return dx;
    });
  }
}
