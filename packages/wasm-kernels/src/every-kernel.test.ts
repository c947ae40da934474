import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { assert, asyncProperty } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { addRelu, dropout, globalAveragePool, maxPool, scaleShift, shortcutA } from '@bakeoff/kernels';
import { installTestedKernels } from './testing/install.ts';
import { DIRECT, WINOGRAD, expectAgreement, gradientError, tensor, tensor1d } from '@bakeoff/kernels/testing';
import { anyChannels, kernelCases } from './testing/kernel-cases.ts';

beforeAll(async () => void (await installTestedKernels()));

const everyKernel = kernelCases(anyChannels);

describe('every kernel', () => {
  it.each(Object.entries(everyKernel))('%s agrees with composed operations on any input', async (name, arbitrary) => {
    // The plain JavaScript reference of a convolution takes long.
    const { tolerance, numRuns } = name.startsWith('BakeoffConv2D')
      ? { tolerance: WINOGRAD, numRuns: 10 }
      : { tolerance: DIRECT, numRuns: 20 };
    await assert(
      asyncProperty(arbitrary, async ({ what, compute }) =>
        expectAgreement('wasm', compute, tolerance, `${name} ${what}`),
      ),
      { numRuns, seed: 5 },
    );
  });
});

describe('the gradient that tf.grad finds', () => {
  it.each<[string, (x: Tensor) => Tensor]>([
    ['addRelu', (x) => addRelu(x, tensor([2, 4, 4, 3], 8))],
    ['dropout', (x) => dropout(x, { rate: 0.4, key: 77, perChannel: false })],
    ['dropout by channel', (x) => dropout(x, { rate: 0.4, key: 78, perChannel: true })],
    ['shortcutA', (x) => shortcutA(x as tf.Tensor4D, { stride: 2, channelPad: 2 })],
    ['globalAveragePool', (x) => globalAveragePool(x as tf.Tensor4D)],
    ['maxPool', (x) => maxPool(x as tf.Tensor4D, { size: 2, stride: 2, padding: 0 })],
    ['maxPool of overlapping windows', (x) => maxPool(x as tf.Tensor4D, { size: 3, stride: 2, padding: 1 })],
    ['scaleShift', (x) => scaleShift(x, tensor1d([3], 4), tensor1d([3], 5))],
  ])('of %s is what central differences show', async (_name, kernel) => {
    await tf.setBackend('wasm');
    expect(gradientError(kernel, [2, 4, 4, 3], 3, 1e-3)).toBeLessThan(1e-2);
  });
});
