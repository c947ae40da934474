import { biasGrad, dense, denseGradInput, denseGradWeights, reluGrad, tanhGrad } from '@bakeoff/kernels';
import { type Tensor1D, type Tensor2D, zerosLike } from '@tensorflow/tfjs-core';
import type { OperationOf } from '../../graph/fuse-layers.ts';
import { Value } from '../value.ts';
import { type Gradients, Keeper, type Operator, weight, type Weights } from './operator.ts';

/** Dense + bias [+ ReLU or tanh]. */
export class DenseOperator extends Keeper implements Operator {
  private readonly kernel: Tensor2D;
  private readonly bias: Tensor1D;

  constructor(
    private readonly operation: OperationOf<'dense'>,
    weights: Weights,
  ) {
    super();
    this.kernel = weight(weights, `${operation.layer.name}.weight`) as unknown as Tensor2D;
    this.bias = weight(weights, `${operation.layer.name}.bias`) as unknown as Tensor1D;
  }

  forward(x: Value): Value {
    const { activation, normalized } = this.operation;
    const y = new Value(dense(x.tensor as Tensor2D, this.kernel, this.bias, activation ?? undefined));
    this.keep(x, ...(activation === null || (activation === 'relu' && normalized) ? [] : [y]));
    return y;
  }

  backward(dy: Value, gradients: Gradients, wantsInputGradient: boolean): Value | null {
    const { activation, normalized, layer } = this.operation;
    return this.take(([x, y]) => {
      const dz =
        activation === null || y === undefined
          ? dy
          : dy.replace((tensor, overwrite) =>
              activation === 'relu' ? reluGrad(tensor, y.tensor, { overwrite }) : tanhGrad(tensor, y.tensor),
            );
      const output = dz.tensor as Tensor2D;
      gradients.set(`${layer.name}.weight`, denseGradWeights((x as Value).tensor as Tensor2D, output));
      gradients.set(`${layer.name}.bias`, normalized && activation === null ? zerosLike(this.bias) : biasGrad(output));
      const dx = wantsInputGradient ? new Value(denseGradInput(output, this.kernel)) : null;
      dz.release();
      return dx;
    });
  }
}
