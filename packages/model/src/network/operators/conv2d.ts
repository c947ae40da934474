import { biasGrad, conv2d, conv2dGradFilter, conv2dGradInput, reluGrad } from '@bakeoff/kernels';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { OperationOf } from '../../graph/fuse-layers.ts';
import { Value } from '../value.ts';
import { DropoutTail } from './dropout-tail.ts';
import { type Gradients, Keeper, type Operator, type TrainingPass, weight, type Weights } from './operator.ts';

/** Convolution + bias [+ ReLU] [+ dropout]. */
export class Conv2dOperator extends Keeper implements Operator {
  private readonly filter: Tensor4D;
  private readonly bias: Tensor1D | null;
  private readonly tail: DropoutTail;

  constructor(
    private readonly operation: OperationOf<'conv2d'>,
    weights: Weights,
  ) {
    super();
    const { name, bias } = operation.layer;
    this.filter = weight(weights, `${name}.weight`) as unknown as Tensor4D;
    this.bias = bias ? (weight(weights, `${name}.bias`) as unknown as Tensor1D) : null;
    this.tail = new DropoutTail(operation.dropout);
  }

  forward(x: Value, pass: TrainingPass): Value {
    const { relu, layer } = this.operation;
    const convolved = conv2d(x.tensor as Tensor4D, this.filter, this.bias, {
      stride: layer.stride,
      padding: layer.padding,
      relu,
    });
    const y = this.tail.forward(new Value(convolved), pass);
    this.keep(x, ...(relu ? [y] : []));
    return y;
  }

  backward(dy: Value, gradients: Gradients, wantsInputGradient: boolean): Value | null {
    return this.differentiate(dy, gradients, wantsInputGradient, null);
  }

  backwardOnto(dy: Value, gradients: Gradients, onto: Value): Value {
    return this.differentiate(dy, gradients, true, onto) as Value;
  }

  private differentiate(
    dy: Value,
    gradients: Gradients,
    wantsInputGradient: boolean,
    onto: Value | null,
  ): Value | null {
    const { stride, padding, name } = this.operation.layer;
    const geometry = { stride, padding };
    return this.take(([x, y]) => {
      let dz = this.tail.backward(dy);
      // Behind dropout y is 0 or scaled by a positive number: where it is not positive, the gradient is 0 either way.
      if (y !== undefined) dz = dz.replace((tensor, overwrite) => reluGrad(tensor, y.tensor, { overwrite }));
      const input = (x as Value).tensor as Tensor4D;
      const output = dz.tensor as Tensor4D;
      gradients.set(`${name}.weight`, conv2dGradFilter(input, output, this.filter.shape, geometry));
      if (this.bias !== null) gradients.set(`${name}.bias`, biasGrad(output));
      const sum = { onto: (onto?.tensor ?? null) as Tensor4D | null, overwriteOnto: onto?.isSole ?? false };
      const dx = wantsInputGradient
        ? new Value(conv2dGradInput(output, this.filter, input.shape, { ...geometry, ...sum }))
        : null;
      onto?.release();
      dz.release();
      return dx;
    });
  }
}
