import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { Keeper } from '../network/keeper.ts';
import type { Gradients, Operator, OperatorContext, Ops } from '../network/operator.ts';
import { Value } from '../network/value.ts';
import { type LayerKind, noPaths } from './layer-kind.ts';
import { affineWeights, type WeightInitializer } from './layer-weights.ts';
import type { OperationOf } from './operation.ts';
import { features } from './window-shape.ts';
import { z } from 'zod';
import { initializerSetting, writtenLayer } from './written-layer.ts';

declare module './layer.ts' {
  interface LayerTypes {
    dense: DenseLayer;
  }
}

export interface DenseLayer {
  readonly type: 'dense';
  readonly name: string;
  readonly units: number;
  /** Default: true. */
  readonly bias?: boolean;
  readonly initializer: WeightInitializer;
}

export const dense: LayerKind<DenseLayer> = {
  label: ({ name }) => name,
  written: [
    writtenLayer(
      'dense',
      'Fully connected: [features] to [units]',
      {
        units: z
          .union([z.literal('classes'), z.int().min(1).max(65_536)])
          .describe("Outputs; classes: the dataset's number of classes"),
        bias: z.boolean().default(true).describe('Whether it adds a learned bias'),
        initializer: initializerSetting,
      },
      ({ units, bias, initializer }, { name, classes }) => ({
        type: 'dense',
        name,
        units: units === 'classes' ? classes : units,
        bias,
        initializer,
      }),
    ),
  ],
  paths: noPaths,
  outputShape({ type, units }, input) {
    features(type, input);
    return [units];
  },
  weights({ type, name, units, bias = true, initializer }, input) {
    const inputs = features(type, input);
    return affineWeights(name, [inputs, units], { inputs, outputs: units, receptive: 1, initializer, bias });
  },
  counts({ bias = true }, { inputs, outputs }) {
    const macs = inputs * outputs;
    return { macs, ptflops: macs + (bias ? outputs : 0), fvcore: macs, thop: macs };
  },
  takesOver: { activations: ['relu', 'tanh'], dropout: false },
  keeps: ({ activation }) => ({ input: true, output: activation === null ? 'freed' : 'kept' }),
  operator: (operation, context) => new DenseOperator(operation, context),
  predict({ layer: { name, bias = true }, activation }, { ops, weights }) {
    const kernel = weights.matrix(`${name}.weight`);
    const biases = bias ? weights.vector(`${name}.bias`) : null;
    return (x) => ops.dense(x as Tensor2D, kernel, biases, activation ?? undefined);
  },
};

/** Dense [+ bias] [+ ReLU or tanh]. */
class DenseOperator extends Keeper<[x: Value, y: Value | null]> implements Operator {
  private readonly kernel: Tensor2D;
  private readonly bias: Tensor1D | null;
  private readonly ops: Ops;

  constructor(
    private readonly operation: OperationOf<DenseLayer>,
    { ops, weights }: OperatorContext,
  ) {
    super();
    const { name, bias = true } = operation.layer;
    this.kernel = weights.matrix(`${name}.weight`);
    this.bias = bias ? weights.vector(`${name}.bias`) : null;
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
      if (this.bias !== null)
        gradients.set(`${layer.name}.bias`, isCancelled ? ops.zerosLike(this.bias) : ops.biasGrad(output));
      const dx = wantsInputGradient ? new Value(ops.denseGradInput(output, this.kernel)) : null;
      dz.release();
      return dx;
    });
  }
}
