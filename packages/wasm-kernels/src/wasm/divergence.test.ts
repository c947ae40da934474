import * as tf from '@tensorflow/tfjs-core';
import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { addRelu, conv2d, dense, scaleShift } from '@bakeoff/kernels';
import { installWasmKernels } from './install.ts';
import { nativeWidthsHere } from '../testing/tested-native.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');

const builds = [
  { build: 'simd', native: 'off' },
  { build: 'relaxed-simd', native: 'off' },
  ...nativeWidthsHere.map((native) => ({ build: 'relaxed-simd', native }) as const),
] as const;

const diverged = <R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> => tf.mul(tf.ones<R>(shape), NaN);
const x = (): tf.Tensor4D => diverged<tf.Rank.R4>([6, 4, 4, 16]);
const relu = { stride: 1, padding: 1, relu: true };
/** Kernels with a ReLU or a softmax: a maximum could lose a NaN. */
const kernels: Record<string, () => tf.Tensor> = {
  addRelu: () => addRelu(x(), x()),
  scaleShift: () => scaleShift(x(), tf.ones([16]), tf.zeros([16]), { relu: true }),
  'a convolution by Winograd': () => conv2d(x(), tf.ones([3, 3, 16, 16]), tf.zeros([16]), relu),
  'a direct convolution': () => conv2d(x(), tf.ones([5, 5, 16, 16]), tf.zeros([16]), { ...relu, padding: 2 }),
  'a dense layer': () => dense(diverged<tf.Rank.R2>([4, 16]), tf.ones([16, 16]), tf.zeros([16]), 'relu'),
  'a tanh': () => dense(diverged<tf.Rank.R2>([4, 16]), tf.ones([16, 16]), tf.zeros([16]), 'tanh'),
};

describe.each(builds)('a training that diverged stays visible on $build, native $native', (options) => {
  it.each(Object.entries(kernels))('through %s', async (_name, kernel) => {
    await installWasmKernels(options);
    expect(kernel().dataSync().every(Number.isNaN)).toBe(true);
  });
});
