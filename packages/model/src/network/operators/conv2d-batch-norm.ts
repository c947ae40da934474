import { conv2dBatchNorm, conv2dBatchNormGrad } from '@bakeoff/kernels';
import { type Tensor, type Tensor1D, type Tensor4D, zerosLike } from '@tensorflow/tfjs-core';
import type { OperationOf } from '../../graph/fuse-layers.ts';
import { Value } from '../value.ts';
import { BATCH_NORM_EPSILON, NormWeights } from './norm-weights.ts';
import { DropoutTail } from './dropout-tail.ts';
import { type Gradients, Keeper, type Operator, type TrainingPass, weight, type Weights } from './operator.ts';
import type { Sum } from './residual.ts';

/** Convolution + bias [+ ReLU], then training-mode batch norm [+ shortcut] [+ ReLU] [+ dropout]. */
export class Conv2dBatchNormOperator extends Keeper implements Operator, Sum {
  private readonly filter: Tensor4D;
  private readonly bias: Tensor1D | null;
  private readonly norm: NormWeights;
  private readonly tail: DropoutTail;

  constructor(
    private readonly convolution: OperationOf<'conv2d'>,
    private readonly normalization: OperationOf<'batchNorm'>,
    weights: Weights,
  ) {
    super();
    const { name, bias } = convolution.layer;
    this.filter = weight(weights, `${name}.weight`) as unknown as Tensor4D;
    this.bias = bias ? (weight(weights, `${name}.bias`) as unknown as Tensor1D) : null;
    this.norm = new NormWeights(normalization.layer.name, weights);
    this.tail = new DropoutTail(normalization.dropout);
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
    return this.differentiate(dy, gradients, { wantsInput: true, onto, residual: false }).dx as Value;
  }

  backwardSum(dy: Value, gradients: Gradients): { readonly branched: Value; readonly skipped: Value } {
    const { relu } = this.normalization;
    // Without a ReLU the shortcut's gradient is dy itself.
    const kept = relu ? null : dy.retain();
    const { dx, dResidual } = this.differentiate(dy, gradients, { wantsInput: true, onto: null, residual: relu });
    return { branched: dx as Value, skipped: (kept ?? dResidual) as Value };
  }

  private convolve(x: Value, residual: Value | null, pass: TrainingPass): Value {
    const {
      layer: { stride, padding, filters },
      output,
    } = this.convolution;
    this.norm.checkCount(
      ((x.tensor.shape[0] ?? 0) * output.reduce((product, extent) => product * extent, 1)) / filters,
    );
    const settings = {
      stride,
      padding,
      convolutionRelu: this.convolution.relu,
      epsilon: BATCH_NORM_EPSILON,
      relu: this.normalization.relu,
      residual: residual?.tensor ?? null,
      running: this.norm.running,
    };
    const {
      z,
      y: normalized,
      statistics,
    } = conv2dBatchNorm(x.tensor as Tensor4D, this.filter, this.bias, this.norm.gamma, this.norm.beta, settings);
    const y = this.tail.forward(new Value(normalized), pass);
    const [convolved, ...kept] = [z, ...statistics].map((tensor) => new Value(tensor)) as [Value, ...Value[]];
    this.keep(x, convolved, ...(this.normalization.relu ? [y] : []), ...kept);
    for (const each of [convolved, ...kept]) each.release();
    return y;
  }

  private differentiate(
    dy: Value,
    gradients: Gradients,
    { wantsInput, onto, residual }: { wantsInput: boolean; onto: Value | null; residual: boolean },
  ): { readonly dx: Value | null; readonly dResidual: Value | null } {
    const {
        layer: { name, stride, padding },
        relu: convolutionRelu,
      } = this.convolution,
      { relu } = this.normalization;
    return this.take((kept) => {
      const [x, z, ...rest] = kept.map(({ tensor }) => tensor) as [Tensor4D, Tensor4D, ...Tensor[]];
      const [y, ...statistics] = (relu ? rest : [null, ...rest]) as [Tensor4D | null, ...Tensor[]];
      const dNormalized = this.tail.backward(dy);
      // Without a ReLU between the two batch norm cancels the bias.
      const wantsBias = convolutionRelu && this.bias !== null;
      const sum = { onto: (onto?.tensor ?? null) as Tensor4D | null, overwriteOnto: onto?.isSole ?? false };
      const settings = {
        stride,
        padding,
        epsilon: BATCH_NORM_EPSILON,
        relu,
        residual,
        convolutionRelu,
        overwrite: dNormalized.isSole,
        wantsBias,
        wantsInput,
        ...sum,
      };
      // Dropout does not change where y is positive as far as gradients pass.
      const { dFilter, dBias, dGamma, dBeta, dx, dResidual } = conv2dBatchNormGrad(
        x,
        this.filter,
        z,
        dNormalized.tensor as Tensor4D,
        y,
        this.norm.gamma,
        statistics,
        settings,
      );
      dNormalized.release();
      onto?.release();
      gradients.set(`${name}.weight`, dFilter);
      if (this.bias !== null) gradients.set(`${name}.bias`, dBias ?? zerosLike(this.bias));
      this.norm.setGradients(gradients, dGamma, dBeta);
      return {
        dx: dx === undefined ? null : new Value(dx),
        dResidual: dResidual === undefined ? null : new Value(dResidual),
      };
    });
  }
}
