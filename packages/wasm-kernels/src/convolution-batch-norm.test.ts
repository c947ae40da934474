import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { conv2dBatchNorm, conv2dBatchNormGrad } from '@bakeoff/kernels';
import { installTestedKernels } from './testing/install.ts';
import { WINOGRAD, expectAgreement, tensor1d, tensor4d } from '@bakeoff/kernels/testing';

beforeAll(async () => void (await installTestedKernels()));

interface Shape {
  n: number;
  h: number;
  w: number;
  i: number;
  o: number;
}

/** Outputs, and gradients with the input's added to another tensor; also what was overwritten in the process. */
function both({ n, h, w, i, o }: Shape, overwrite: boolean): Tensor[] {
  const x = tensor4d([n, h, w, i], 1),
    filter = tensor4d([3, 3, i, o], 2),
    gamma = tensor1d([o], 3),
    dy = tensor4d([n, h, w, o], 4),
    onto = tensor4d([n, h, w, i], 5);
  const settings = { stride: 1, padding: 1, epsilon: 1e-5, relu: true, convolutionRelu: true };
  const { z, y, statistics } = conv2dBatchNorm(x, filter, tensor1d([o], 6), gamma, tensor1d([o], 7), {
    ...settings,
    residual: tensor4d([n, h, w, o], 8),
  });
  const { dBias, dx, dResidual, ...gradients } = conv2dBatchNormGrad(x, filter, z, dy, y, gamma, statistics, {
    ...settings,
    residual: true,
    wantsBias: true,
    wantsInput: true,
    onto,
    overwrite,
    overwriteOnto: overwrite,
  });
  return [z, y, ...Object.values(gradients), dBias as Tensor, dx as Tensor, dResidual as Tensor];
}

describe('a convolution with its batch norm', () => {
  it.each<[string, Shape]>([
    ['images four at a time, and a last one', { n: 5, h: 16, w: 16, i: 8, o: 16 }],
    ['images of more tiles than a block', { n: 2, h: 36, w: 36, i: 16, o: 8 }],
    ['a line of more tiles than a block', { n: 1, h: 4, w: 72, i: 8, o: 8 }],
  ])('agrees with composed operations: %s', async (name, shape) => {
    await expectAgreement('wasm', () => both(shape, false), WINOGRAD, name);
    await expectAgreement('wasm', () => both(shape, true), WINOGRAD, name);
  });

  it('reuses the memory of tensors that are not read afterwards', async () => {
    await tf.setBackend('wasm');
    const [fresh, reused] = [false, true].map((overwrite) =>
      tf.tidy(() => (both({ n: 4, h: 8, w: 8, i: 8, o: 8 }, overwrite), tf.memory().numDataBuffers)),
    ) as [number, number];
    expect(fresh - reused).toBe(2);
  });

  it('refuses statistics of a single value per channel', () => {
    const one = tf.variable(tf.ones([1])),
      vector = tf.ones<tf.Rank.R1>([1]),
      running = { mean: one, variance: one, momentum: 0.1 };
    const image = tf.ones([1, 3, 3, 1]) as Tensor4D;
    expect(() =>
      conv2dBatchNorm(image, tf.ones([3, 3, 1, 1]), null, vector, vector, {
        stride: 1,
        padding: 0,
        epsilon: 1e-5,
        running,
      }),
    ).toThrow('more than one value per channel');
  });
});
