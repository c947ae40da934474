import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '../kernel-contract.ts';

type Names = 'BakeoffBatchNorm' | 'BakeoffBatchNormGrad' | 'BakeoffScaleShift';

const byChannel = (x: Tensor): Tensor2D => tf.reshape(x, [-1, x.shape.at(-1) ?? 1]);
const statistic = (statistics: Tensor, row: number): Tensor1D =>
  tf.reshape(tf.slice(statistics, [row, 0], [1, -1]), [-1]);

function blend(running: Variable, current: Tensor, momentum: number): void {
  running.assign(tf.add(tf.mul(current, momentum), tf.mul(running, 1 - momentum)));
}

export const batchNormKernels: KernelFamily<Tensor, Names> = {
  BakeoffBatchNorm: ({ x, gamma, beta, residual, runningMean, runningVariance }, { epsilon, momentum, relu }) =>
    tf.tidy(() => {
      const rows = byChannel(x);
      const { mean, variance } = tf.moments(rows, 0);
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      const [count] = rows.shape;
      if (runningMean) blend(runningMean as Variable, mean, momentum);
      if (runningVariance) blend(runningVariance as Variable, tf.mul(variance, count / (count - 1)), momentum);
      const normalised = tf.reshape(tf.add(tf.mul(tf.sub(rows, mean), tf.mul(inverse, gamma)), beta), x.shape);
      const y = residual ? tf.add(normalised, residual) : normalised;
      return [relu ? tf.relu(y) : y, tf.stack([mean, variance, inverse])];
    }),

  BakeoffBatchNormGrad: ({ x, dy, y, gamma, statistics: [statistics] }, { relu, residual, inputRelu }) =>
    tf.tidy(() => {
      if (!statistics) throw new Error('batchNormGrad needs the statistics that batchNorm gave.');
      const gated = relu && y ? tf.mul(dy, tf.step(y)) : dy,
        gradient = byChannel(gated);
      const inverse = statistic(statistics, 2);
      const normalised = tf.mul(tf.sub(byChannel(x), statistic(statistics, 0)), inverse);
      const dBeta = tf.sum(gradient, 0),
        dGamma = tf.sum(tf.mul(gradient, normalised), 0);
      const count = normalised.shape[0];
      const centred = tf.sub(gradient, tf.div(tf.add(dBeta, tf.mul(normalised, dGamma)), count));
      const dx = tf.reshape(tf.mul(centred, tf.mul(gamma, inverse)), x.shape);
      return [
        inputRelu ? tf.mul(dx, tf.step(x)) : dx,
        dGamma,
        dBeta,
        ...(residual ? ([gated] as const) : ([] as const)),
      ];
    }),

  BakeoffScaleShift: ({ x, scale, shift }, { relu }) =>
    tf.tidy(() => {
      const y = tf.add(tf.mul(x, scale), shift);
      return relu ? tf.relu(y) : y;
    }),
};
