import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  conv2d,
  conv2dBatchNorm,
  conv2dBatchNormGrad,
  conv2dGradFilter,
  conv2dGradInput,
  dense,
  denseGradInput,
  denseGradWeights,
  maxPool,
  maxPoolGrad,
} from '@bakeoff/kernels';
import { tensor1d, tensor2d, tensor4d } from '@bakeoff/kernels/testing';
import type { Case } from './kernel-cases.ts';

/** Zeros of both signs and ones. */
function signedZeros(shape: readonly number[]): Tensor {
  const values = Float32Array.from(
    { length: tf.util.sizeFromShape([...shape]) },
    (_, i) => [-0, 0, -0, 1, -0, -0][i % 6]!,
  );
  return tf.tensor(values, [...shape]);
}

/** A convolution with its batch norm, and all its gradients. */
function block(n: number, side: number, i: number, o: number, convolutionRelu: boolean): Tensor[] {
  const x = tensor4d([n, side, side, i], 1),
    filter = tensor4d([3, 3, i, o], 2),
    gamma = tensor1d([o], 3);
  const settings = {
    stride: 1,
    padding: 1,
    epsilon: 1e-5,
    relu: true,
    residual: true,
    convolutionRelu,
    overwrite: false,
  };
  const { z, y, statistics } = conv2dBatchNorm(x, filter, tensor1d([o], 4), gamma, tensor1d([o], 5), {
    ...settings,
    running: { mean: tf.variable(tensor1d([o], 6)), variance: tf.variable(tf.abs(tensor1d([o], 7))), momentum: 0.1 },
    residual: tensor4d([n, side, side, o], 8),
  });
  const gradients = conv2dBatchNormGrad(x, filter, z, tensor4d(z.shape, 9), y, gamma, statistics, {
    ...settings,
    wantsBias: true,
    wantsInput: true,
    onto: tensor4d(x.shape, 10),
    overwriteOnto: false,
  });
  return [z, y, ...Object.values(gradients)].filter((result) => result !== undefined);
}

function product(m: number, k: number, n: number): Tensor[] {
  const x = tensor2d([m, k], 1),
    weights = tensor2d([k, n], 2),
    dy = tensor2d([m, n], 3);
  return [dense(x, weights, tensor1d([n], 4)), denseGradInput(dy, weights), denseGradWeights(x, dy)];
}

function strided(n: number, side: number, i: number, o: number, k: number): Tensor[] {
  const x = tensor4d([n, side, side, i], 1),
    filter = tensor4d([k, k, i, o], 2),
    settings = { stride: 2, padding: (k - 1) / 2 };
  const y = conv2d(x, filter, tensor1d([o], 3), { ...settings, relu: false });
  return [
    y,
    conv2dGradInput(tensor4d(y.shape, 4), filter, [n, side, side, i], settings),
    conv2dGradFilter(x, tensor4d(y.shape, 4), [k, k, i, o], settings),
  ];
}

/** Shapes that exceed every block and panel of the kernels, and end within one; and what rounds to zeros. */
export const blockCases: readonly Case[] = [
  // Several blocks of depth, rows and columns, and ends of all of them.
  ...[
    [7, 1100, 16],
    [197, 520, 32],
    [3, 520, 528],
    [1, 513, 48],
    [600, 40, 64],
  ].map(([m, k, n]): Case => ({ what: `product ${m} ${k} ${n}`, compute: () => product(m!, k!, n!) })),
  // More tiles than a block has, with the batch norm of lines that end in its middle.
  ...[
    [5, 16, 16, 32],
    [2, 32, 16, 16],
    [17, 8, 32, 32],
    [65, 4, 16, 64],
    [2, 24, 32, 48],
  ].map(([n, side, i, o]): Case => ({
    what: `block ${n} ${side} ${i} ${o}`,
    compute: () => block(n!, side!, i!, o!, side! < 16),
  })),
  { what: 'strided 16 32', compute: () => strided(2, 19, 16, 32, 3) },
  { what: 'strided 32 64', compute: () => strided(2, 14, 32, 64, 5) },
  {
    what: 'zeros of both signs',
    compute: () => {
      const x = signedZeros([2, 8, 8, 16]) as tf.Tensor4D,
        filter = signedZeros([3, 3, 16, 16]) as tf.Tensor4D,
        pool = { size: 2, stride: 2, padding: 0 };
      const pooled = maxPool(x, pool);
      return [
        conv2d(x, filter, null, { stride: 1, padding: 1, relu: true }),
        conv2d(x, filter, null, { stride: 2, padding: 1, relu: false }),
        dense(signedZeros([5, 32]) as tf.Tensor2D, signedZeros([32, 16]) as tf.Tensor2D, tensor1d([16], 1)),
        pooled,
        maxPoolGrad(x, pooled, signedZeros(pooled.shape) as tf.Tensor4D, pool),
      ];
    },
  },
];
