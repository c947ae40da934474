import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { Keeper } from '../network/keeper.ts';
import type { Gradients, Operator, OperatorContext, Ops, TrainingPass } from '../network/operator.ts';
import { DropoutTail } from '../network/operators/dropout-tail.ts';
import { Value } from '../network/value.ts';
import type { Shape } from './layer.ts';
import type { LayerKind } from './layer-kind.ts';
import { noPaths } from './layer-kind.ts';
import { affineWeights, type WeightInitializer } from './layer-weights.ts';
import type { OperationOf } from './operation.ts';
import { featureMap, windowedShape } from './window-shape.ts';
import { z } from 'zod';
import { LayerMisfit, showShape } from './misfit.ts';
import { convolutionWindow, initializerSetting, writtenLayer } from './written-layer.ts';

declare module './layer.ts' {
  interface LayerTypes {
    conv2d: Conv2dLayer;
  }
}

export interface Conv2dLayer {
  readonly type: 'conv2d';
  readonly name: string;
  readonly filters: number;
  /** Side length of the square kernel. */
  readonly kernel: number;
  readonly stride: number;
  /** Zeros on each side, as PyTorch pads. */
  readonly padding: number;
  /** Groups of channels that are convolved apart; as many as channels: depthwise. Default: 1. */
  readonly groups?: number;
  readonly bias: boolean;
  readonly initializer: WeightInitializer;
}

export const conv2d: LayerKind<Conv2dLayer> = {
  label: ({ name }) => name,
  written: [
    writtenLayer(
      'conv2d',
      'Convolution',
      {
        filters: z.int().min(1).max(65_536).describe('Channels of its output'),
        ...convolutionWindow,
        groups: z
          .int()
          .min(1)
          .max(65_536)
          .default(1)
          .describe('Groups of channels that are convolved apart; as many as input channels: depthwise'),
        bias: z.boolean().default(true).describe('Whether it adds a learned bias'),
        initializer: initializerSetting,
      },
      (settings, { name }) => ({ ...settings, name }),
    ),
  ],
  paths: noPaths,
  outputShape({ type, filters, kernel, stride, padding, groups = 1 }, input) {
    checkGroups(filters, groups, input);
    return windowedShape(type, input, { size: kernel, stride, padding }, filters);
  },
  weights({ type, name, filters, kernel, groups = 1, bias, initializer }, input) {
    const [, , channels] = featureMap(type, input);
    const inputs = channels / groups;
    // As PyTorch counts: the inputs of one output, and the outputs of one input if all groups were one.
    const settings = { inputs, outputs: filters, receptive: kernel ** 2, initializer, bias };
    return affineWeights(name, [kernel, kernel, inputs, filters], settings);
  },
  counts({ type, kernel, groups = 1, bias }, { outputs }, input) {
    const [, , inputChannels] = featureMap(type, input);
    const macs = (outputs * kernel ** 2 * inputChannels) / groups;
    return { macs, ptflops: macs + (bias ? outputs : 0), fvcore: macs, thop: macs };
  },
  takesOver: { activations: ['relu'], dropout: true },
  keeps: ({ activation }) => ({ input: true, output: activation === null ? 'freed' : 'kept' }),
  operator: (operation, context) => new Conv2dOperator(operation, context),
  predict({ layer: { name, bias, stride, padding, groups = 1 }, activation }, { ops, weights }) {
    const filter = weights.filter(`${name}.weight`);
    const biases = bias ? weights.vector(`${name}.bias`) : null;
    return (x) =>
      ops.groupedConv2d(x as Tensor4D, filter, biases, { stride, padding, groups, relu: activation === 'relu' });
  },
};

/** @throws LayerMisfit unless the groups divide the channels of input and output */
function checkGroups(filters: number, groups: number, input: Shape): void {
  const [, , channels] = featureMap('conv2d', input);
  if (channels % groups === 0 && filters % groups === 0) return;
  const fits: number[] = [];
  for (let n = 1; n <= channels; n++) if (channels % n === 0 && filters % n === 0) fits.push(n);
  throw new LayerMisfit('conv2d: its groups do not divide the channels of its input and its filters', {
    received: `an input of ${showShape(input)}, filters ${filters}, groups ${groups}`,
    allowed: `groups ${fits.join(', ')}`,
    fix:
      groups === channels
        ? `for a depthwise convolution, write filters: ${channels} or a multiple of it`
        : 'change groups, or the filters of this layer or of the one before it',
  });
}

/** Convolution + bias [+ ReLU] [+ dropout]. */
class Conv2dOperator extends Keeper<[x: Value, y: Value | null]> implements Operator {
  private readonly filter: Tensor4D;
  private readonly bias: Tensor1D | null;
  private readonly ops: Ops;
  private readonly tail: DropoutTail;

  constructor(
    private readonly operation: OperationOf<Conv2dLayer>,
    { ops, weights }: OperatorContext,
  ) {
    super();
    const { name, bias } = operation.layer;
    this.filter = weights.filter(`${name}.weight`);
    this.bias = bias ? weights.vector(`${name}.bias`) : null;
    this.ops = ops;
    this.tail = new DropoutTail(operation.dropout, ops);
  }

  forward(x: Value, pass: TrainingPass): Value {
    const {
      activation,
      layer: { stride, padding, groups = 1 },
    } = this.operation;
    const relu = activation === 'relu';
    const convolved = this.ops.groupedConv2d(x.tensor4d, this.filter, this.bias, { stride, padding, groups, relu });
    const y = this.tail.forward(new Value(convolved), pass);
    this.keep(x, relu ? y : null);
    return y;
  }

  backward(dy: Value, gradients: Gradients, wantsInputGradient: boolean): Value | null {
    return this.differentiate(dy, gradients, wantsInputGradient, null);
  }

  backwardOnto(dy: Value, gradients: Gradients, onto: Value): Value {
    return this.differentiate(dy, gradients, true, onto)!;
  }

  private differentiate(
    dy: Value,
    gradients: Gradients,
    wantsInputGradient: boolean,
    onto: Value | null,
  ): Value | null {
    const { ops } = this;
    const { stride, padding, groups = 1, name } = this.operation.layer;
    const geometry = { stride, padding, groups };
    return this.take(([x, y]) => {
      let dz = this.tail.backward(dy);
      // After dropout, y is 0 or scaled by a positive number: where it is not positive, the gradient is 0 either way.
      if (y !== null) dz = dz.replace((tensor, overwrite) => ops.reluGrad(tensor, y.tensor, { overwrite }));
      const [input, output] = [x.tensor4d, dz.tensor4d];
      gradients.set(`${name}.weight`, ops.groupedConv2dGradFilter(input, output, this.filter.shape, geometry));
      if (this.bias !== null) gradients.set(`${name}.bias`, ops.biasGrad(output));
      const sum = { onto: onto?.tensor4d ?? null, overwriteOnto: onto?.isSole ?? false };
      const dx = wantsInputGradient
        ? new Value(ops.groupedConv2dGradInput(output, this.filter, input.shape, { ...geometry, ...sum }))
        : null;
      onto?.release();
      dz.release();
      return dx;
    });
  }
}
