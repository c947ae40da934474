import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { assert, asyncProperty, boolean, constantFrom, integer, record } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { biasGrad, conv2d, conv2dGradFilter, conv2dGradInput, reluGrad } from '@bakeoff/kernels';
import { installTestedKernels } from './testing/install.ts';
import { DIRECT, WINOGRAD, expectAgreement, gradientError, tensor, tensor1d, tensor4d } from '@bakeoff/kernels/testing';

interface Case {
  n: number;
  h: number;
  w: number;
  i: number;
  o: number;
  k: number;
  stride: number;
  padding: number;
  relu?: boolean;
  withBias?: boolean;
}

/** Output, and the gradients with respect to input, filter and bias. */
function convolve({ n, h, w, i, o, k, stride, padding, relu = false, withBias = true }: Case) {
  const x = tensor4d([n, h, w, i], 1),
    filter = tensor4d([k, k, i, o], 2),
    bias = tensor1d([o], 3);
  const y = conv2d(x, filter, withBias ? bias : null, { stride, padding, relu });
  const given = tensor4d(y.shape, 4),
    dy = relu ? reluGrad(given, y) : given;
  return [
    y,
    conv2dGradInput(dy, filter, x.shape, { stride, padding }),
    conv2dGradFilter(x, dy, filter.shape, { stride, padding }),
    biasGrad(dy),
  ];
}

const direct: Case[] = [
  { n: 2, h: 8, w: 8, i: 3, o: 16, k: 3, stride: 1, padding: 1 },
  { n: 2, h: 8, w: 8, i: 8, o: 16, k: 3, stride: 2, padding: 1 },
  { n: 1, h: 12, w: 16, i: 16, o: 32, k: 3, stride: 2, padding: 1 },
  { n: 1, h: 7, w: 9, i: 5, o: 10, k: 3, stride: 1, padding: 1 },
  { n: 2, h: 7, w: 9, i: 5, o: 10, k: 3, stride: 2, padding: 1, relu: true },
  { n: 2, h: 9, w: 7, i: 6, o: 7, k: 3, stride: 2, padding: 0 },
  { n: 2, h: 8, w: 8, i: 8, o: 16, k: 1, stride: 1, padding: 0, withBias: false },
  { n: 2, h: 9, w: 8, i: 7, o: 13, k: 1, stride: 2, padding: 0 },
  { n: 1, h: 9, w: 9, i: 3, o: 8, k: 5, stride: 2, padding: 2 },
  { n: 1, h: 11, w: 10, i: 1, o: 1, k: 5, stride: 1, padding: 2 },
  { n: 2, h: 17, w: 15, i: 3, o: 9, k: 7, stride: 2, padding: 3 },
  { n: 1, h: 7, w: 7, i: 2, o: 3, k: 7, stride: 1, padding: 3, relu: true },
  { n: 1, h: 3, w: 3, i: 511, o: 6, k: 3, stride: 1, padding: 1 },
  { n: 1, h: 3, w: 3, i: 2, o: 509, k: 3, stride: 1, padding: 1 },
  { n: 1, h: 1, w: 1, i: 130, o: 66, k: 3, stride: 1, padding: 1 },
  { n: 3, h: 2, w: 2, i: 66, o: 34, k: 3, stride: 2, padding: 1 },
];

const winograd: Case[] = [
  { n: 6, h: 4, w: 4, i: 8, o: 8, k: 3, stride: 1, padding: 1 },
  { n: 3, h: 8, w: 12, i: 16, o: 16, k: 3, stride: 1, padding: 1, relu: true },
  { n: 2, h: 16, w: 12, i: 16, o: 32, k: 3, stride: 1, padding: 1, withBias: false },
  { n: 5, h: 8, w: 8, i: 32, o: 24, k: 3, stride: 1, padding: 1 },
  { n: 3, h: 4, w: 4, i: 512, o: 8, k: 3, stride: 1, padding: 1 },
  { n: 3, h: 4, w: 4, i: 8, o: 512, k: 3, stride: 1, padding: 1 },
  { n: 9, h: 4, w: 4, i: 24, o: 72, k: 3, stride: 1, padding: 1 },
  { n: 3, h: 4, w: 8, i: 12, o: 40, k: 3, stride: 1, padding: 1 },
  { n: 1, h: 32, w: 20, i: 16, o: 8, k: 3, stride: 1, padding: 1, relu: true },
];

const anyCase: Arbitrary<Case> = record({
  n: integer({ min: 1, max: 3 }),
  h: integer({ min: 1, max: 13 }),
  w: integer({ min: 1, max: 13 }),
  i: integer({ min: 1, max: 21 }),
  o: integer({ min: 1, max: 21 }),
  k: constantFrom(1, 3, 5, 7),
  stride: integer({ min: 1, max: 3 }),
  padding: integer({ min: 0, max: 3 }),
  relu: boolean(),
  withBias: boolean(),
}).filter(({ h, w, k, padding }) => Math.min(h, w) + 2 * padding >= k && padding < k);

const builds = ['simd', 'relaxed-simd'] as const;

describe.each(builds)('convolution of the %s build', (build) => {
  beforeAll(async () => {
    expect(await installTestedKernels(build)).toMatchObject({ build });
  });

  it.each(direct)(
    'agrees with composed operations, direct: $n x $h x $w x $i -> $o, kernel $k, stride $stride',
    async (c) => {
      await expectAgreement('wasm', () => convolve(c), DIRECT, JSON.stringify(c));
    },
  );

  it.each(winograd)('agrees with composed operations, Winograd: $n x $h x $w x $i -> $o', async (c) => {
    await expectAgreement('wasm', () => convolve(c), WINOGRAD, JSON.stringify(c));
  });

  it('agrees on any geometry', async () => {
    await assert(
      asyncProperty(anyCase, async (c) => expectAgreement('wasm', () => convolve(c), WINOGRAD, JSON.stringify(c))),
      { numRuns: 25, seed: 7 },
    );
  });

  it('has the gradients that central differences show', () => {
    const filter = tensor4d([3, 3, 8, 8], 5),
      x = tensor4d([2, 8, 8, 8], 6);
    for (const convolution of [
      { stride: 1, padding: 1 },
      { stride: 2, padding: 1 },
    ]) {
      expect(gradientError((at) => conv2d(at as Tensor4D, filter, null, convolution), [2, 8, 8, 8], 9)).toBeLessThan(
        5e-3,
      );
      expect(gradientError((at) => conv2d(x, at as Tensor4D, null, convolution), [3, 3, 8, 8], 9)).toBeLessThan(5e-3);
      expect(gradientError((at) => conv2d(x, filter, at as Tensor1D, convolution), [8], 9)).toBeLessThan(5e-3);
    }
  });

  it('gives tf.grads the gradients of its own backward kernels, bit for bit', async () => {
    await tf.setBackend('wasm');
    const c = { n: 2, h: 8, w: 8, i: 8, o: 16, k: 3, stride: 1, padding: 1, relu: true };
    const [, dx, dFilter, dBias] = convolve(c);
    const inputs = [tensor([2, 8, 8, 8], 1), tensor([3, 3, 8, 16], 2), tensor([16], 3)];
    const taped = tf.grads((x, filter, bias) => conv2d(x as Tensor4D, filter as Tensor4D, bias as Tensor1D, c))(
      inputs,
      tensor([2, 8, 8, 16], 4),
    );
    expect(taped.map((t) => t.dataSync())).toEqual([dx, dFilter, dBias].map((t) => t?.dataSync()));
  });
});
