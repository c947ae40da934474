import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { BatchNormLayer } from '../../layers/batch-norm.ts';
import type { Conv2dLayer } from '../../layers/conv2d.ts';
import type { OperationOf } from '../../layers/operation.ts';
import { Keeper } from '../keeper.ts';
import type { Gradients, Operator, OperatorContext, Ops, TrainingPass } from '../operator.ts';
import { Value } from '../value.ts';
import { DropoutTail } from './dropout-tail.ts';
import { BATCH_NORM_EPSILON, NormWeights } from './norm-weights.ts';
import type { Sum } from './sum.ts';

type Kept = [x: Value, z: Value, y: Value | null, ...statistics: Value[]];

/** Convolution + bias [+ ReLU], then training-mode batch norm [+ shortcut] [+ ReLU] [+ dropout]. */
export class Conv2dBatchNormOperator extends Keeper<Kept> implements Operator, Sum {
  private readonly filter: Tensor4D;
  private readonly bias: Tensor1D | null;
  private readonly norm: NormWeights;
  private readonly ops: Ops;
  private readonly tail: DropoutTail;

  constructor(
    private readonly convolution: OperationOf<Conv2dLayer>,
    private readonly normalization: OperationOf<BatchNormLayer>,
    { ops, weights }: OperatorContext,
  ) {
    super();
    const { name, bias } = convolution.layer;
    this.filter = weights.filter(`${name}.weight`);
    this.bias = bias ? weights.vector(`${name}.bias`) : null;
    this.norm = new NormWeights(normalization.layer.name, weights);
    this.ops = ops;
    this.tail = new DropoutTail(normalization.dropout, ops);
  }

  forward(x: Value, pass: TrainingPass): Value {
    return this.convolve(x, null, pass);
  }

  forwardSum(x: Value, skipped: Value, pass: TrainingPass): Value {
    return this.convolve(x, skipped, pass);
  }

  backward(dy: Value, gradients: Gradients, wantsInputGradient: boolean): Value | null {
    return this.differentiate(dy, gradients, { wantsInput: wantsInputGradient, onto: null, residual: false }).dx;
  }

  backwardOnto(dy: Value, gradients: Gradients, onto: Value): Value {
    return this.differentiate(dy, gradients, { wantsInput: true, onto, residual: false }).dx!;
  }

  backwardSum(dy: Value, gradients: Gradients): { readonly branched: Value; readonly skipped: Value } {
    const relu = this.normalization.activation === 'relu';
    // Without a ReLU the shortcut's gradient is dy itself.
    const kept = relu ? null : dy.retain();
    const { dx, dResidual } = this.differentiate(dy, gradients, { wantsInput: true, onto: null, residual: relu });
    return { branched: dx!, skipped: (kept ?? dResidual)! };
  }

  private convolve(x: Value, residual: Value | null, pass: TrainingPass): Value {
    const {
      layer: { stride, padding, filters },
      output,
    } = this.convolution;
    this.norm.checkCount(
      ((x.tensor.shape[0] ?? 0) * output.reduce((product, extent) => product * extent, 1)) / filters,
    );
    const relu = this.normalization.activation === 'relu';
    const settings = {
      stride,
      padding,
      convolutionRelu: this.convolution.activation === 'relu',
      epsilon: BATCH_NORM_EPSILON,
      relu,
      residual: residual?.tensor ?? null,
      running: this.norm.running,
    };
    const { filter, bias } = this;
    const { gamma, beta } = this.norm;
    const convolved = this.ops.conv2dBatchNorm(x.tensor4d, filter, bias, gamma, beta, settings);
    const y = this.tail.forward(new Value(convolved.y), pass);
    const z = new Value(convolved.z);
    const statistics = convolved.statistics.map((tensor) => new Value(tensor));
    this.keep(x, z, relu ? y : null, ...statistics);
    for (const each of [z, ...statistics]) each.release();
    return y;
  }

  private differentiate(
    dy: Value,
    gradients: Gradients,
    { wantsInput, onto, residual }: { wantsInput: boolean; onto: Value | null; residual: boolean },
  ): { readonly dx: Value | null; readonly dResidual: Value | null } {
    const { name, stride, padding } = this.convolution.layer;
    const convolutionRelu = this.convolution.activation === 'relu';
    const relu = this.normalization.activation === 'relu';
    return this.take(([x, z, y, ...statistics]) => {
      const dNormalized = this.tail.backward(dy);
      const settings = {
        stride,
        padding,
        epsilon: BATCH_NORM_EPSILON,
        relu,
        residual,
        convolutionRelu,
        overwrite: dNormalized.isSole,
        // Without a ReLU between the two, batch norm cancels the bias.
        wantsBias: convolutionRelu && this.bias !== null,
        wantsInput,
        onto: onto?.tensor4d ?? null,
        overwriteOnto: onto?.isSole ?? false,
      };
      // Dropout does not change whether y is positive where gradients pass.
      const { dFilter, dBias, dGamma, dBeta, dx, dResidual } = this.ops.conv2dBatchNormGrad(
        x.tensor4d,
        this.filter,
        z.tensor4d,
        dNormalized.tensor4d,
        y?.tensor4d ?? null,
        this.norm.gamma,
        statistics.map(({ tensor }) => tensor),
        settings,
      );
      dNormalized.release();
      onto?.release();
      gradients.set(`${name}.weight`, dFilter);
      if (this.bias !== null) gradients.set(`${name}.bias`, dBias ?? this.ops.zerosLike(this.bias));
      this.norm.setGradients(gradients, dGamma, dBeta);
      return {
        dx: dx === undefined ? null : new Value(dx),
        dResidual: dResidual === undefined ? null : new Value(dResidual),
      };
    });
  }
}
