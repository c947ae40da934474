import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients of TensorFlow.js's own kernels
import { beforeAll, describe, expect, it } from 'vitest';
import { adamUpdate, sgdUpdate } from '@bakeoff/kernels';
import { installTestedKernels } from '../testing/install.ts';
import { DIRECT, WINOGRAD, constant, expectAgreement, tensor, tensor4d } from '@bakeoff/kernels/testing';

beforeAll(async () => void (await installTestedKernels()));

describe('plain TensorFlow.js operations on wasm', () => {
  it.each([
    [[2, 8, 8, 16], [3, 3, 16, 16], 1, 'same'],
    [[1, 7, 9, 5], [3, 3, 5, 10], 1, 'same'],
    [[2, 7, 9, 5], [3, 3, 5, 10], 2, 'same'],
    [[2, 8, 8, 8], [3, 3, 8, 16], 2, 'same'],
    [[1, 6, 6, 4], [3, 3, 4, 8], 1, 'valid'],
    [[2, 9, 9, 3], [5, 5, 3, 8], 2, 2],
    [[1, 8, 6, 3], [3, 2, 3, 5], [2, 1], 'same'],
  ] as const)(
    'convolve %j by %j, strides %j, padding %j, with gradients',
    async (shape, filterShape, strides, padding) => {
      await expectAgreement(
        'wasm',
        () => {
          const x = tensor4d(shape, 1),
            filter = tensor4d(filterShape, 2),
            y = tf.conv2d(x, filter, strides as number, padding);
          return [
            y,
            ...tf.grads((at, by) => tf.conv2d(at as Tensor4D, by as Tensor4D, strides as number, padding))(
              [x, filter],
              tensor(y.shape, 3),
            ),
          ];
        },
        WINOGRAD,
      );
    },
  );

  it('convolve with dilation by the stock kernel', async () => {
    await expectAgreement(
      'wasm',
      () => [tf.conv2d(tensor4d([1, 9, 9, 3], 1), tensor4d([3, 3, 3, 4], 2), 1, 'valid', 'NHWC', 2)],
      DIRECT,
    );
  });

  it.each(['linear', 'relu', 'relu6'] as const)('convolve fused with bias and %s', async (activation) => {
    await expectAgreement(
      'wasm',
      () => [
        tf.fused.conv2d({
          x: tensor4d([2, 8, 8, 8], 1),
          filter: tensor4d([3, 3, 8, 16], 2),
          strides: 1,
          pad: 'same',
          bias: tensor([16], 3),
          activation,
        }),
      ],
      WINOGRAD,
    );
  });

  it('multiply matrices, transposed or not, with gradients, and batches by the stock kernel', async () => {
    await expectAgreement(
      'wasm',
      () => {
        const a = tensor([5, 7], 1),
          b = tensor([7, 6], 2);
        return [
          tf.matMul(a, b),
          ...tf.grads((p, q) => tf.matMul(p, q))([a, b], tensor([5, 6], 3)),
          tf.matMul(tensor([1, 7, 5], 4), tensor([6, 7], 5), true, true),
          tf.matMul(tensor([3, 2, 4], 6), tensor([3, 4, 2], 7)),
        ];
      },
      DIRECT,
    );
  });

  it('sum segments, the gradient of gather', async () => {
    await expectAgreement(
      'wasm',
      () => [
        tf.grad((x: Tensor) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32')))(tensor([4, 3], 1), tensor([3, 3], 2)),
      ],
      DIRECT,
    );
  });
});

describe('weights changed in place', () => {
  it('are seen by stock kernels that cache packed weights', async () => {
    await tf.setBackend('wasm');
    const x = tf.ones<tf.Rank.R4>([1, 4, 4, 8]),
      filter = tf.variable(tf.tidy(() => tf.ones([3, 3, 8, 1]))),
      step = { learningRate: 1, momentum: 0, nesterov: false, l2: 0, step: 1 };
    const stock = (): number => tf.depthwiseConv2d(x, filter as unknown as Tensor4D, 1, 'valid').dataSync()[0] ?? NaN;
    expect(stock()).toBe(9);
    sgdUpdate({ parameters: [filter], gradients: [constant([3, 3, 8, 1], -1)], velocity: null }, step);
    expect(stock()).toBe(18);
    sgdUpdate({ parameters: [filter], gradients: [constant([3, 3, 8, 1], -1)], velocity: null }, step);
    expect(stock()).toBe(27);
  });

  it('stay in one place in memory once no other tensor shares them', async () => {
    await tf.setBackend('wasm');
    const parameter = tf.variable(tf.zeros([64])),
      state = {
        parameters: [parameter],
        m: tf.variable(tf.zeros([64])),
        v: tf.variable(tf.zeros([64])),
        gradients: [tf.ones([64])],
      };
    const attributes = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2: 0, weightDecay: 0 };
    adamUpdate(state, { ...attributes, step: 1 });
    const { dataId } = parameter,
      tensors = tf.memory().numTensors;
    adamUpdate(state, { ...attributes, step: 2 });
    expect(parameter.dataId).toBe(dataId);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
