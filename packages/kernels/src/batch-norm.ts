import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { type Overwriting, reluGrad } from './activation.ts';
import { biasGrad } from './convolution.ts';
import { at, type KernelRows } from './kernel-row.ts';
import { kernelRunner } from './run-kernel.ts';

export interface BatchNormGradAttributes extends Overwriting {
  epsilon: number;
  /** A ReLU follows the normalization (and the residual). */
  relu: boolean;
  /** A residual was added before the ReLU, and its gradient is wanted: dy where the ReLU was open. */
  residual: boolean;
  /** x is the output of a ReLU, and dx is the gradient before that ReLU: 0 where x is not positive. */
  inputRelu: boolean;
}

export interface BatchNormKernels<T> {
  /**
   * y = normalized x [+ residual] [then ReLU]. Returns y and, in the engine's own layout, the statistics that the
   * gradient needs. Updates the running statistics, if given, in place.
   */
  BakeoffBatchNorm(
    inputs: { x: T; gamma: T; beta: T; residual?: T; runningMean?: T; runningVariance?: T },
    attrs: { epsilon: number; momentum: number; relu: boolean },
  ): [T, ...T[]];
  /** Returns dx, dGamma, dBeta and, with `residual`, the residual's gradient. y is needed with relu. */
  BakeoffBatchNormGrad(
    inputs: { x: T; dy: T; y?: T; gamma: T; statistics: readonly T[] },
    attrs: BatchNormGradAttributes,
  ): [T, T, T, T?];
  BakeoffScaleShift(inputs: { x: T; scale: T; shift: T }, attrs: { relu: boolean }): T;
}

/** The largest number of statistics tensors that any engine's batch norm returns. */
const MOST_STATISTICS = 3;

const byChannel = (x: Tensor): Tensor2D => tf.reshape(x, [-1, x.shape.at(-1) ?? 1]);
const statistic = (statistics: Tensor, row: number): Tensor1D =>
  tf.reshape(tf.slice(statistics, [row, 0], [1, -1]), [-1]);

function blend(running: Variable, current: Tensor, momentum: number): void {
  running.assign(tf.add(tf.mul(current, momentum), tf.mul(running, 1 - momentum)));
}

export const batchNormKernels: KernelRows<BatchNormKernels<Tensor>> = {
  BakeoffBatchNorm: {
    composed: ({ x, gamma, beta, residual, runningMean, runningVariance }, { epsilon, momentum, relu }) =>
      tf.tidy(() => {
        const rows = byChannel(x);
        const { mean, variance } = tf.moments(rows, 0);
        const inverse = tf.rsqrt(tf.add(variance, epsilon));
        const [count] = rows.shape;
        if (runningMean) blend(runningMean as Variable, mean, momentum);
        if (runningVariance) blend(runningVariance as Variable, tf.mul(variance, count / (count - 1)), momentum);
        const normalized = tf.reshape(tf.add(tf.mul(tf.sub(rows, mean), tf.mul(inverse, gamma)), beta), x.shape);
        const y = residual ? tf.add(normalized, residual) : normalized;
        return [relu ? tf.relu(y) : y, tf.stack([mean, variance, inverse])];
      }),
    gradient: {
      inputs: ['x', 'gamma'],
      outputs: [true, ...Array<true>(MOST_STATISTICS).fill(true)],
      // The statistics are by-products: no gradient flows through them.
      by: (dys, saved, { epsilon, relu }) => {
        const x = at(saved, 0),
          gamma = at(saved, 1),
          statistics = saved.slice(3);
        const dy = relu ? reluGrad(at(dys, 0), at(saved, 2)) : at(dys, 0);
        const [dx, dGamma, dBeta] = run(
          'BakeoffBatchNormGrad',
          { x, dy, gamma, statistics },
          // Tensors on the tape belong to the tape.
          { overwrite: false, epsilon, relu: false, residual: false, inputRelu: false },
        );
        return { x: () => dx, gamma: () => dGamma, beta: () => dBeta, residual: () => tf.clone(dy) };
      },
    },
  },
  BakeoffBatchNormGrad: {
    composed: ({ x, dy, y, gamma, statistics: [statistics] }, { relu, residual, inputRelu }) =>
      tf.tidy(() => {
        if (!statistics) throw new Error('batchNormGrad needs the statistics that batchNorm returned.');
        const gated = relu && y ? tf.mul(dy, tf.step(y)) : dy,
          gradient = byChannel(gated);
        const inverse = statistic(statistics, 2);
        const normalized = tf.mul(tf.sub(byChannel(x), statistic(statistics, 0)), inverse);
        const dBeta = tf.sum(gradient, 0),
          dGamma = tf.sum(tf.mul(gradient, normalized), 0);
        const count = normalized.shape[0];
        const centered = tf.sub(gradient, tf.div(tf.add(dBeta, tf.mul(normalized, dGamma)), count));
        const dx = tf.reshape(tf.mul(centered, tf.mul(gamma, inverse)), x.shape);
        return [
          inputRelu ? tf.mul(dx, tf.step(x)) : dx,
          dGamma,
          dBeta,
          ...(residual ? ([gated] as const) : ([] as const)),
        ];
      }),
    gradient: null,
  },
  BakeoffScaleShift: {
    composed: ({ x, scale, shift }, { relu }) =>
      tf.tidy(() => {
        const y = tf.add(tf.mul(x, scale), shift);
        return relu ? tf.relu(y) : y;
      }),
    gradient: {
      inputs: ['x', 'scale'],
      outputs: [true],
      by: (dys, saved, { relu }) => {
        const x = at(saved, 0),
          scale = at(saved, 1);
        const dy = relu ? reluGrad(at(dys, 0), at(saved, 2)) : at(dys, 0);
        return {
          x: () => tf.mul(dy, scale),
          scale: () => biasGrad(tf.mul(dy, x)),
          shift: () => biasGrad(dy),
        };
      },
    },
  },
};
const run = kernelRunner<BatchNormKernels<Tensor>>(batchNormKernels);

export interface BatchNormSettings {
  /** Added to the variance. */
  readonly epsilon: number;
  /** Added to the normalized values, before the ReLU: the end of a residual block. */
  readonly residual?: Tensor | null;
  readonly relu?: boolean;
  /**
   * Updated as in PyTorch: running += momentum * (new - running). The new variance is made unbiased by count / (count -
   * 1), with count values per channel.
   */
  readonly running?: { readonly mean: Variable; readonly variance: Variable; readonly momentum: number };
}

export interface BatchNormOutput<T extends Tensor> {
  y: T;
  /** What batchNormGrad needs: the batch's statistics in the engine's own layout. The caller disposes each. */
  statistics: Tensor[];
}

/** The unbiased variance in the running statistics needs two values. */
export function checkValuesPerChannel(count: number): void {
  if (!(count > 1))
    throw new RangeError(`Batch norm in training needs more than one value per channel, received ${count}.`);
}

/** Training-mode batch norm over all axes except the last, then ReLU if requested (S. Ioffe, C. Szegedy, ICML 2015). */
export function batchNorm<T extends Tensor>(
  x: T,
  gamma: Tensor1D,
  beta: Tensor1D,
  { epsilon, residual = null, relu = false, running }: BatchNormSettings,
): BatchNormOutput<T> {
  if (running) checkValuesPerChannel(x.size / gamma.size);
  const inputs = {
    x,
    gamma,
    beta,
    ...(residual && { residual }),
    ...(running && { runningMean: running.mean, runningVariance: running.variance }),
  };
  const [y, ...statistics] = run('BakeoffBatchNorm', inputs, { epsilon, momentum: running?.momentum ?? 0, relu });
  return { y: y as T, statistics };
}

export interface BatchNormGradSettings {
  readonly epsilon: number;
  readonly relu?: boolean;
  /**
   * There was a residual before the ReLU: also returns its gradient, dy where the ReLU was open. Without a ReLU that is
   * dy itself.
   */
  readonly residual?: boolean;
  /** x is a ReLU's output: dx is the gradient before that ReLU. */
  readonly inputRelu?: boolean;
  /** dy is not read afterwards, and its memory may be reused. */
  readonly overwrite?: boolean;
}

export interface BatchNormGradients<T extends Tensor> {
  dx: T;
  dGamma: Tensor1D;
  dBeta: Tensor1D;
  /** Only with `residual`. */
  dResidual: T | undefined;
}

/** Gradients of batchNorm with the same epsilon; y is its output, needed only when it applied ReLU (null otherwise). */
export function batchNormGrad<T extends Tensor>(
  x: T,
  dy: T,
  y: T | null,
  gamma: Tensor1D,
  statistics: readonly Tensor[],
  settings: BatchNormGradSettings,
): BatchNormGradients<T> {
  const { epsilon, relu = false, residual = false, inputRelu = false, overwrite = false } = settings;
  if (relu && !y) throw new Error('batchNormGrad needs the output y when batch norm applied ReLU.');
  if (residual && !relu)
    throw new Error('batchNormGrad gives the gradient of a residual before a ReLU; without one it is dy.');
  const attributes = { epsilon, relu, residual, inputRelu, overwrite };
  const [dx, dGamma, dBeta, dResidual] = run(
    'BakeoffBatchNormGrad',
    relu && y ? { x, dy, y, gamma, statistics } : { x, dy, gamma, statistics },
    attributes,
  );
  return { dx: dx as T, dGamma: dGamma as Tensor1D, dBeta: dBeta as Tensor1D, dResidual: dResidual as T | undefined };
}

/**
 * x * scale + shift per channel, then ReLU if requested: batch norm in inference, with its statistics folded into two
 * vectors.
 */
export function scaleShift<T extends Tensor>(
  x: T,
  scale: Tensor1D,
  shift: Tensor1D,
  { relu = false }: { relu?: boolean } = {},
): T {
  return run('BakeoffScaleShift', { x, scale, shift }, { relu }) as T;
}
