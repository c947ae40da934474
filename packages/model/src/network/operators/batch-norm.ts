import { batchNorm, batchNormGrad } from '@bakeoff/kernels';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { OperationOf } from '../../graph/fuse-layers.ts';
import { Value } from '../value.ts';
import { DropoutTail } from './dropout-tail.ts';
import { BATCH_NORM_EPSILON, NormWeights } from './norm-weights.ts';
import { type Gradients, Keeper, type Operator, type TrainingPass, type Weights } from './operator.ts';

/** Training-mode batch normalisation [+ ReLU] [+ dropout] over all axes but the last; moves the running statistics. */
export class BatchNormOperator extends Keeper implements Operator {
  private readonly norm: NormWeights;
  private readonly tail: DropoutTail;

  constructor(
    private readonly operation: OperationOf<'batchNorm'>,
    weights: Weights,
  ) {
    super();
    this.norm = new NormWeights(operation.layer.name, weights);
    this.tail = new DropoutTail(operation.dropout);
  }

  forward(x: Value, pass: TrainingPass): Value {
    const { relu } = this.operation,
      { gamma, beta, running } = this.norm;
    this.norm.checkCount(x.tensor.size / gamma.size);
    const { y: normalized, statistics } = batchNorm(x.tensor, gamma, beta, {
      epsilon: BATCH_NORM_EPSILON,
      relu,
      running,
    });
    const y = this.tail.forward(new Value(normalized), pass);
    const kept = statistics.map((tensor) => new Value(tensor));
    this.keep(x, ...(relu ? [y] : []), ...kept);
    for (const each of kept) each.release();
    return y;
  }

  backward(dy: Value, gradients: Gradients): Value {
    const { relu, inputRelu } = this.operation;
    return this.take(([x, ...rest]) => {
      const dz = this.tail.backward(dy);
      // The kernel reads only where y is positive, which dropout behind it does not change where gradients pass.
      const [y, ...statistics] = (relu ? rest : [undefined, ...rest]).map((value) => value?.tensor ?? null);
      const settings = { epsilon: BATCH_NORM_EPSILON, relu, inputRelu, overwrite: dz.isSole };
      const { dx, dGamma, dBeta } = batchNormGrad(
        (x as Value).tensor,
        dz.tensor,
        y ?? null,
        this.norm.gamma,
        statistics as Tensor[],
        settings,
      );
      dz.release();
      this.norm.setGradients(gradients, dGamma, dBeta);
      return new Value(dx);
    });
  }
}
