import { UserError } from '@bakeoff/core';
import { batchNorm, batchNormGrad } from '@bakeoff/wasm-kernels';
import type { Tensor, Tensor1D, Variable } from '@tensorflow/tfjs-core';
import type { OperationOf } from '../../graph/fuse-layers.ts';
import { Value } from '../value.ts';
import { DropoutTail } from './dropout-tail.ts';
import { type Gradients, Keeper, type Operator, type TrainingPass, weight, type Weights } from './operator.ts';
import type { Sum } from './residual.ts';

/** PyTorch's constants; the running variance is the unbiased one, as there. */
export const BATCH_NORM_EPSILON = 1e-5;
const RUNNING_MOMENTUM = 0.1;

/** Training-mode batch normalisation [+ shortcut] [+ ReLU] [+ dropout] over all axes but the last; moves the running statistics. */
export class BatchNormOperator extends Keeper implements Operator, Sum {
  private readonly gamma: Tensor1D;
  private readonly beta: Tensor1D;
  private readonly runningMean: Variable;
  private readonly runningVariance: Variable;
  private readonly tail: DropoutTail;

  constructor(private readonly operation: OperationOf<'batchNorm'>, weights: Weights) {
    super();
    const { name } = operation.layer;
    this.gamma = weight(weights, `${name}.weight`) as unknown as Tensor1D;
    this.beta = weight(weights, `${name}.bias`) as unknown as Tensor1D;
    this.runningMean = weight(weights, `${name}.running_mean`);
    this.runningVariance = weight(weights, `${name}.running_var`);
    this.tail = new DropoutTail(operation.dropout);
  }

  forward(x: Value, pass: TrainingPass): Value {
    return this.normalize(x, null, pass);
  }

  forwardSum(branched: Value, skipped: Value, pass: TrainingPass): Value {
    return this.normalize(branched, skipped, pass);
  }

  backward(dy: Value, gradients: Gradients): Value {
    return this.differentiate(this.tail.backward(dy), gradients, false).dx;
  }

  backwardSum(dy: Value, gradients: Gradients): { readonly branched: Value; readonly skipped: Value } {
    const { relu } = this.operation;
    const kept = relu ? null : dy.retain();
    const { dx, dResidual } = this.differentiate(dy, gradients, relu);
    return { branched: dx, skipped: (kept ?? dResidual) as Value };
  }

  private normalize(x: Value, residual: Value | null, pass: TrainingPass): Value {
    const { relu, layer } = this.operation;
    const count = x.tensor.size / this.gamma.size;
    if (count < 2) {
      throw new UserError({ what: `batch norm ${layer.name} cannot train on one value a channel`, received: 'a batch of 1 image', allowed: '2 images or more', fix: 'raise batchSize, or the number of training images' });
    }
    const running = { mean: this.runningMean, variance: this.runningVariance, momentum: RUNNING_MOMENTUM };
    const { y: normalized, statistics } = batchNorm(x.tensor, this.gamma, this.beta, { epsilon: BATCH_NORM_EPSILON, residual: residual?.tensor ?? null, relu, running });
    const y = this.tail.forward(new Value(normalized), pass);
    const kept = statistics.map((tensor) => new Value(tensor));
    this.keep(x, ...(relu ? [y] : []), ...kept);
    for (const each of kept) each.release();
    return y;
  }

  /** Takes dz, the gradient before dropout, over. */
  private differentiate(dz: Value, gradients: Gradients, residual: boolean): { readonly dx: Value; readonly dResidual: Value | null } {
    const { relu, inputRelu, layer } = this.operation;
    return this.take(([x, ...rest]) => {
      // The kernel reads only where y is positive, which dropout behind it does not change where gradients pass.
      const [y, ...statistics] = (relu ? rest : [undefined, ...rest]).map((value) => value?.tensor ?? null);
      const settings = { epsilon: BATCH_NORM_EPSILON, relu, residual, inputRelu, overwrite: dz.isSole };
      const { dx, dGamma, dBeta, dResidual } = batchNormGrad((x as Value).tensor, dz.tensor, y ?? null, this.gamma, statistics as Tensor[], settings);
      dz.release();
      gradients.set(`${layer.name}.weight`, dGamma);
      gradients.set(`${layer.name}.bias`, dBeta);
      return { dx: new Value(dx), dResidual: dResidual === undefined ? null : new Value(dResidual) };
    });
  }
}
