import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  addRelu,
  conv2d,
  conv2dBatchNorm,
  type KernelName,
  registerComposedKernels,
  registerKernels,
  reluGrad,
} from './index.ts';
import type { KernelRow, KernelRows } from './kernel-row.ts';
import { type KernelContract, kernelRows } from './kernels.ts';
import { tensor1d, tensor4d } from './testing/oracle.ts';

/** A backend with TensorFlow.js's operations and none of our kernels. */
beforeEach(async () => {
  tf.registerBackend('bare', () => tf.findBackend('cpu'));
  for (const kernel of tf.getKernelsForBackend('cpu'))
    if (!kernel.kernelName.startsWith('Bakeoff')) tf.registerKernel({ ...kernel, backendName: 'bare' });
  await tf.setBackend('bare');
});

afterEach(async () => {
  await tf.setBackend('cpu');
  for (const { kernelName } of tf.getKernelsForBackend('bare')) tf.unregisterKernel(kernelName, 'bare');
  tf.removeBackend('bare');
});

const ours = (backend: string) =>
  tf
    .getKernelsForBackend(backend)
    .map(({ kernelName }) => kernelName)
    .filter((name) => name.startsWith('Bakeoff'));

it('the oracle does not advertise another backend at its first use', () => {
  const warn = vi.spyOn(console, 'warn');
  tf.ones([1]).dataSync();
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

describe('a backend without kernels', () => {
  it('is named in an error that says what to call', () => {
    expect(() => reluGrad(tf.ones([1]), tf.ones([1]))).toThrow("registerComposedKernels('bare')");
    registerComposedKernels('bare');
    expect(tf.getKernel('BakeoffReluGrad', 'bare')).toBeDefined();
  });

  it('gets the composed ones automatically if it is plain JavaScript', async () => {
    await tf.setBackend('cpu');
    for (const name of ours('cpu')) tf.unregisterKernel(name, 'cpu');
    expect([...reluGrad(tf.tensor([1, 2]), tf.tensor([0, 3])).dataSync()]).toEqual([0, 2]);
    const [dx] = tf.grads((a: Tensor, b: Tensor) => addRelu(a, b))([tf.tensor([1, -2]), tf.tensor([1, 1])]);
    expect([...dx!.dataSync()]).toEqual([1, 0]);
  });
});

describe('a backend with some kernels of its own', () => {
  it('gets the others composed, and pairs made of its own', () => {
    const calls: string[] = [];
    registerKernels('bare', {
      BakeoffConv2D: (...parameters) => {
        calls.push('BakeoffConv2D');
        return kernelRows.BakeoffConv2D.composed(...parameters);
      },
    });
    expect(ours('bare').toSorted()).toEqual(Object.keys(kernelRows).toSorted());
    const x = tensor4d([2, 4, 4, 3], 1);
    const filter = tensor4d([3, 3, 3, 2], 2);
    const window = { stride: 1, padding: 1 };
    const settings = { ...window, epsilon: 1e-5 };
    const { z } = conv2dBatchNorm(x, filter, null, tensor1d([2], 3), tensor1d([2], 4), settings);
    expect(calls).toEqual(['BakeoffConv2D']);
    expect(z.dataSync()).toEqual(conv2d(x, filter, null, window).dataSync());
  });

  it('frees intermediate results between the kernels of a pair', () => {
    registerComposedKernels('bare');
    const x: Tensor4D = tensor4d([2, 4, 4, 3], 1);
    const filter = tensor4d([3, 3, 3, 2], 2);
    const [gamma, beta] = [tensor1d([2], 3), tensor1d([2], 4)];
    const before = tf.memory().numTensors;
    const { z, y, statistics } = conv2dBatchNorm(x, filter, null, gamma, beta, {
      stride: 1,
      padding: 1,
      epsilon: 1e-5,
    });
    for (const tensor of [z, y, ...statistics]) tensor.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('an incomplete row does not compile', () => {
  const { composed } = kernelRows.BakeoffReluGrad;
  // @ts-expect-error it does not say whether tf.grads can differentiate it
  const row: KernelRow<KernelContract<Tensor>['BakeoffReluGrad']> = { composed };
  const { BakeoffDropout: _, ...others } = kernelRows;
  // @ts-expect-error a kernel of the contract is missing
  const rows: KernelRows<KernelContract<Tensor>> = others;
  const names = Object.keys(rows) as KernelName[];
  expect(names).not.toContain('BakeoffDropout');
  expect(row.composed).toBe(composed);
});
