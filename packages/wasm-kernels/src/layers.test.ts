import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  add,
  addRelu,
  batchNorm,
  batchNormGrad,
  conv2dGradInput,
  dense,
  denseGradInput,
  denseGradWeights,
  dropout,
  dropoutHash,
  dropoutKey,
  globalAveragePool,
  globalAveragePoolGrad,
  maxPool,
  maxPoolGrad,
  reluGrad,
  scaleShift,
  shortcutA,
  shortcutAGrad,
  softmaxCrossEntropy,
  tanhGrad,
} from '@bakeoff/kernels';
import { installTestedKernels } from './testing/install.ts';
import {
  DIRECT,
  constant,
  expectAgreement,
  gradientError,
  on,
  tensor,
  tensor1d,
  tensor2d,
  tensor4d,
} from '@bakeoff/kernels/testing';

beforeAll(async () => void (await installTestedKernels()));

const channelCounts = [1, 2, 3, 4, 5, 16, 30, 64, 127, 512];

const denseLayer = (m: number, k: number, n: number, activation?: 'relu' | 'tanh') => () => {
  const x = tensor2d([m, k], 1),
    weights = tensor2d([k, n], 2),
    dy = tensor2d([m, n], 4);
  const y = dense(x, weights, tensor1d([n], 3), activation);
  const dz = activation === 'relu' ? reluGrad(dy, y) : activation === 'tanh' ? tanhGrad(dy, y) : dy;
  return [y, dense(x, weights, null), denseGradInput(dz, weights), denseGradWeights(x, dz)];
};

const normalize = (shape: number[], relu: boolean) => () => {
  const channels = shape.at(-1) ?? 1,
    x = tf.add(tensor(shape, 1), 3),
    gamma = tensor1d([channels], 2),
    beta = tensor1d([channels], 3);
  const { y, statistics } = batchNorm(x, gamma, beta, { epsilon: 1e-5, relu });
  const { dx, dGamma, dBeta } = batchNormGrad(x, tensor(shape, 4), relu ? y : null, gamma, statistics, {
    epsilon: 1e-5,
    relu,
  });
  return [y, dx, dGamma, dBeta];
};

const pool = (shape: number[], size: number, stride: number, padding: number) => () => {
  const x = tensor4d(shape, 1),
    y = maxPool(x, { size, stride, padding });
  return [y, maxPoolGrad(x, y, tensor4d(y.shape, 2), { size, stride, padding })];
};

describe('dense', () => {
  it.each([
    [32, 64, 10],
    [7, 5, 3],
    [1, 1, 1],
    [33, 300, 17],
    [1, 513, 9],
    [64, 256, 24],
    [128, 260, 31],
  ])('agrees with composed operations: %i x %i x %i', async (m, k, n) => {
    await expectAgreement('wasm', denseLayer(m, k, n), DIRECT);
    await expectAgreement('wasm', denseLayer(m, k, n, 'relu'), DIRECT);
  });

  it('has a tanh that is as exact near 0 as far from it', async () => {
    const x = tf.tensor2d([[-90, -9, -1, -0.63, -0.62, -1e-3, -1e-6, 0, 1e-6, 0.3, 0.62, 0.63, 2, 9, 90, 1e30]]),
      one = tf.eye(16);
    const y = dense(x, one, null, 'tanh').dataSync();
    x.dataSync().forEach((v, i) =>
      expect(Math.abs((y[i] ?? NaN) - Math.tanh(v))).toBeLessThanOrEqual(3e-7 * Math.abs(Math.tanh(v))),
    );
    expect(Number.isNaN(dense(tf.tensor2d([[NaN]]), tf.tensor2d([[1]]), null, 'tanh').dataSync()[0])).toBe(true);
  });

  it('agrees on any size', async () => {
    const size = integer({ min: 1, max: 40 });
    await assert(
      asyncProperty(
        size,
        size,
        size,
        constantFrom(undefined, 'relu' as const, 'tanh' as const),
        async (m, k, n, activation) => expectAgreement('wasm', denseLayer(m, k, n, activation), DIRECT),
      ),
      { numRuns: 30, seed: 11 },
    );
  });

  it('has the gradients that central differences show', () => {
    const weights = tensor2d([9, 7], 2),
      x = tensor2d([5, 9], 3),
      bias = tensor1d([7], 4);
    expect(gradientError((at) => dense(at as Tensor2D, weights, bias, 'tanh'), [5, 9], 5)).toBeLessThan(5e-3);
    expect(gradientError((at) => dense(x, at as Tensor2D, bias, 'tanh'), [9, 7], 5)).toBeLessThan(5e-3);
    expect(gradientError((at) => dense(x, weights, at as Tensor1D, 'tanh'), [7], 5)).toBeLessThan(5e-3);
  });
});

describe('batch norm', () => {
  it.each(channelCounts)('agrees with composed operations at %i channels', async (channels) => {
    await expectAgreement('wasm', normalize([3, 5, 7, channels], false), DIRECT);
    await expectAgreement('wasm', normalize([3, 5, 7, channels], true), DIRECT);
    await expectAgreement('wasm', normalize([50, channels], true), DIRECT);
  });

  it('agrees on more rows than one block', async () =>
    expectAgreement('wasm', normalize([2, 31, 17, 6], true), DIRECT));

  it('keeps its variance if the mean is a thousand deviations from 0', () => {
    const x = tf.add(tensor([4096, 4], 1), 1000),
      running = { mean: tf.variable(tf.zeros([4])), variance: tf.variable(tf.zeros([4])), momentum: 1 };
    batchNorm(x, tf.ones([4]), tf.zeros([4]), { epsilon: 1e-5, running });
    const exact = [0, 1, 2, 3].map((c) => {
      const column = Array.from(x.dataSync()).filter((_, i) => i % 4 === c),
        mean = column.reduce((s, v) => s + v, 0) / 4096;
      return column.reduce((s, v) => s + (v - mean) ** 2, 0) / 4095;
    });
    exact.forEach((variance, c) =>
      expect(Math.abs((running.variance.dataSync()[c] ?? NaN) / variance - 1)).toBeLessThan(1e-5),
    );
  });

  it('has the gradients that central differences show', () => {
    const gamma = tensor1d([5], 2),
      beta = tensor1d([5], 3),
      x = tensor([4, 3, 3, 5], 4);
    expect(gradientError((at) => batchNorm(at, gamma, beta, { epsilon: 1e-5 }).y, [4, 3, 3, 5], 7)).toBeLessThan(1e-2);
    expect(gradientError((at) => batchNorm(x, at as Tensor1D, beta, { epsilon: 1e-5 }).y, [5], 7)).toBeLessThan(5e-3);
    expect(
      gradientError(
        (at) => batchNorm(x, gamma, beta, { epsilon: 1e-5, relu: true, residual: at }).y,
        [4, 3, 3, 5],
        7,
        1e-3,
      ),
    ).toBeLessThan(1e-2);
    expect(gradientError((at) => scaleShift(x, at as Tensor1D, beta), [5], 7)).toBeLessThan(5e-3);
  });

  it('refuses the gradient of a residual that no ReLU follows: it is dy', () =>
    expect(() =>
      batchNormGrad(tf.ones([2, 1]), tf.ones([2, 1]), null, tf.ones([1]), [], { epsilon: 1e-5, residual: true }),
    ).toThrow('without one it is dy'));

  it('updates running statistics as PyTorch does', async () => {
    for (const backend of ['cpu', 'wasm'] as const) {
      await tf.setBackend(backend);
      const mean = tf.variable(tf.tensor1d([1, 2])),
        variance = tf.variable(tf.tensor1d([3, 4]));
      const x = tf.tensor2d([
        [2, 6],
        [8, 6],
        [5, 6],
        [5, 2],
      ]);
      batchNorm(x, tf.ones([2]), tf.zeros([2]), { epsilon: 1e-5, running: { mean, variance, momentum: 0.1 } });
      [0.9 + 0.5, 1.8 + 0.5].forEach((v, c) => expect(mean.dataSync()[c]).toBeCloseTo(v, 5));
      [2.7 + 0.1 * 6, 3.6 + 0.1 * 4].forEach((v, c) => expect(variance.dataSync()[c]).toBeCloseTo(v, 5));
    }
  });

  it('refuses statistics of a single value per channel', () => {
    const one = tf.variable(tf.ones([1]));
    expect(() =>
      batchNorm(tf.ones([1, 1]), tf.ones([1]), tf.ones([1]), {
        epsilon: 1e-5,
        running: { mean: one, variance: one, momentum: 0.1 },
      }),
    ).toThrow('more than one value per channel');
  });

  it.each(channelCounts)('folds into scale and shift at %i channels', async (channels) => {
    const apply = (relu: boolean) =>
      scaleShift(tensor([2, 3, 5, channels], 1), tensor1d([channels], 2), tensor1d([channels], 3), { relu });
    await expectAgreement('wasm', () => [apply(false), apply(true)], DIRECT);
  });
});

describe('overwriting', () => {
  const shape = [2, 8, 8, 8],
    dy = () => tensor4d(shape, 1),
    window = { stride: 1, padding: 1 };
  const kernels: Record<string, (given: Tensor4D, overwrite: boolean) => Tensor> = {
    reluGrad: (given, overwrite) => reluGrad(given, tensor4d(shape, 3), { overwrite }),
    conv2dGradInput: (onto, overwrite) =>
      conv2dGradInput(tensor4d(shape, 3), tensor4d([3, 3, 8, 8], 2), shape as [number, number, number, number], {
        ...window,
        onto,
        overwriteOnto: overwrite,
      }),
    'batchNormGrad of a residual': (given, overwrite) => {
      const x = tensor4d(shape, 3),
        gamma = tensor1d([8], 4),
        settings = { epsilon: 1e-5, relu: true };
      const { y, statistics } = batchNorm(x, gamma, tensor1d([8], 5), { ...settings, residual: tensor(shape, 6) });
      return batchNormGrad(x, given, y, gamma, statistics, { ...settings, residual: true, overwrite })
        .dResidual as Tensor;
    },
  };

  it.each(Object.entries(kernels))(
    '%s reuses the memory of tensors that are not read afterwards',
    async (_name, kernel) => {
      await tf.setBackend('wasm');
      tf.tidy(() => {
        const given = dy(),
          wanted = kernel(given, false).dataSync();
        const { numDataBuffers } = tf.memory();
        const found = tf.tidy(() => kernel(given, true));
        expect(found.dataSync()).toEqual(wanted);
        expect(given.dataSync()).toEqual(wanted);
        expect(tf.memory().numDataBuffers).toBe(numDataBuffers);
      });
    },
  );

  it.each(Object.entries(kernels))('%s does not reuse memory that another tensor shares', async (_name, kernel) => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const given = dy(),
        values = given.dataSync().slice(),
        other = given.clone();
      kernel(given, true);
      expect(other.dataSync()).toEqual(values);
    });
  });
});

describe('residual blocks', () => {
  it.each([[1], [3], [4], [1021], [2, 5, 3, 7]])('adds and rectifies %j', async (...shape) => {
    await expectAgreement(
      'wasm',
      () => {
        const a = tensor(shape, 1),
          b = tensor(shape, 2),
          y = addRelu(a, b);
        return [y, reluGrad(tensor(shape, 3), y), add(a, b)];
      },
      DIRECT,
    );
  });

  it.each([
    [1, 8, 8, 16, 2, 8],
    [2, 7, 5, 3, 2, 1],
    [2, 4, 4, 6, 1, 2],
    [1, 5, 6, 9, 2, -2],
    [2, 4, 4, 5, 1, 0],
    [1, 9, 9, 4, 3, 3],
  ])('takes the shortcut %i x %i x %i x %i with stride %i, pad %i', async (n, h, w, c, stride, channelPad) => {
    await expectAgreement(
      'wasm',
      () => {
        const y = shortcutA(tensor4d([n, h, w, c], 1), { stride, channelPad });
        return [y, shortcutAGrad(tensor4d(y.shape, 2), [n, h, w, c], { stride, channelPad })];
      },
      0,
    );
  });
});

describe('pooling', () => {
  it.each(channelCounts)('averages %i channels', async (channels) => {
    await expectAgreement(
      'wasm',
      () => [
        globalAveragePool(tensor4d([2, 3, 5, channels], 1)),
        globalAveragePoolGrad(tensor2d([2, channels], 2), [2, 3, 5, channels]),
      ],
      DIRECT,
    );
  });

  it.each([
    [[2, 8, 8, 16], 2, 2, 0],
    [[1, 4, 6, 7], 2, 2, 0],
    [[2, 7, 9, 5], 2, 2, 0],
    [[2, 16, 16, 6], 3, 2, 1],
    [[1, 5, 5, 1], 3, 1, 1],
    [[1, 9, 8, 3], 3, 3, 0],
    [[1, 1, 1, 2], 3, 2, 1],
  ])('takes maxima of %j, size %i, stride %i, padding %i', async (shape, size, stride, padding) => {
    await expectAgreement('wasm', pool(shape, size, stride, padding), DIRECT);
  });

  it('gives the gradient of a tie to the first position', async () => {
    await tf.setBackend('wasm');
    const x = tf.ones<tf.Rank.R4>([1, 2, 2, 5]),
      y = maxPool(x, { size: 2, stride: 2, padding: 0 });
    expect(
      Array.from(
        maxPoolGrad(x, y, constant([1, 1, 1, 5], 3) as Tensor4D, { size: 2, stride: 2, padding: 0 }).dataSync(),
      ),
    ).toEqual([...Array<number>(5).fill(3), ...Array<number>(15).fill(0)]);
  });

  it('agrees on any geometry', async () => {
    const side = integer({ min: 1, max: 9 });
    const geometry = record({
      h: side,
      w: side,
      c: integer({ min: 1, max: 9 }),
      size: integer({ min: 1, max: 3 }),
      stride: integer({ min: 1, max: 3 }),
      padding: integer({ min: 0, max: 1 }),
    }).filter(({ h, w, size, padding }) => padding * 2 <= size && Math.min(h, w) + 2 * padding >= size);
    await assert(
      asyncProperty(geometry, async ({ h, w, c, size, stride, padding }) =>
        expectAgreement('wasm', pool([2, h, w, c], size, stride, padding), DIRECT),
      ),
      { numRuns: 40, seed: 3 },
    );
  });
});

describe('dropout', () => {
  it.each([
    [1, 7],
    [3, 5],
    [2, 3, 4, 5],
    [4, 2, 2, 16],
  ])('drops the same elements and channels on every engine: %j', async (...shape) => {
    for (const perChannel of [false, true]) {
      await expectAgreement(
        'wasm',
        () => [dropout(tensor(shape, 1), { rate: 0.3, key: dropoutKey(1, 2, 3), perChannel })],
        1e-6,
      );
    }
  });

  it('keeps element i iff its hash reaches rate * 2^32', async () => {
    const key = dropoutKey(42, 1000, 7),
      [y] = await on('wasm', () => [dropout(tf.ones([1001]), { rate: 0.25, key, perChannel: false })]);
    y?.forEach((v, i) => expect(v).toBeCloseTo(dropoutHash(i, key) >= 0.25 * 2 ** 32 ? 4 / 3 : 0, 6));
  });

  it('drops the requested share, and whole channels of a sample if requested', async () => {
    const [y] = await on('wasm', () => [
      dropout(tf.ones([64, 4, 4, 33]), { rate: 0.3, key: dropoutKey(5, 6, 7), perChannel: true }),
    ]);
    const kept = Array.from({ length: 64 * 33 }, (_, i) => y?.[Math.floor(i / 33) * 16 * 33 + (i % 33)] ?? NaN);
    y?.forEach((v, i) => expect(v).toBe(kept[Math.floor(i / (16 * 33)) * 33 + (i % 33)]));
    expect(Math.abs(kept.filter((v) => v === 0).length / kept.length - 0.3)).toBeLessThan(0.03);
  });

  it('has different masks for different seeds, steps and layers', () => {
    const keys = new Set<number>();
    for (let seed = 0; seed < 10; ++seed)
      for (let step = 0; step < 100; ++step)
        for (let layer = 0; layer < 10; ++layer) keys.add(dropoutKey(seed, step, layer));
    expect(keys.size).toBeGreaterThan(9990); // 10,000 of 2^32: about 0.01 collisions expected
  });

  it('is its own gradient', async () => {
    await tf.setBackend('wasm');
    const settings = { rate: 0.5, key: 99, perChannel: false },
      dy = tensor([40], 2);
    expect(
      tf
        .grad((x: Tensor) => dropout(x, settings))(tensor([40], 1), dy)
        .dataSync(),
    ).toEqual(dropout(dy, settings).dataSync());
  });
});

describe('softmax and cross entropy', () => {
  it.each([
    [1, 2],
    [5, 10],
    [32, 10],
    [7, 1000],
    [3, 13],
  ])('agrees with composed operations: %i samples, %i classes', async (n, classes) => {
    await expectAgreement(
      'wasm',
      () => {
        const labels = tf.tensor1d(
          Int32Array.from({ length: n }, (_, i) => (i * 7) % classes),
          'int32',
        );
        const { losses, correct, dLogits } = softmaxCrossEntropy(tf.mul(tensor2d([n, classes], 1), 5), labels);
        return [losses, correct, dLogits];
      },
      DIRECT,
    );
  });

  it('stays finite at logits of a thousand, and counts the first of equal logits', async () => {
    await tf.setBackend('wasm');
    const { losses, correct, dLogits } = softmaxCrossEntropy(
      tf.tensor2d([
        [1000, 0, -1000],
        [2, 2, 1],
        [2, 2, 1],
      ]),
      tf.tensor1d([0, 0, 1], 'int32'),
    );
    expect(losses.dataSync()[0]).toBe(0);
    expect(Array.from(correct.dataSync())).toEqual([1, 1, 0]);
    expect(dLogits.dataSync().every(Number.isFinite)).toBe(true);
  });

  it('shows a NaN logit as a NaN loss', () => {
    expect(
      Number.isNaN(softmaxCrossEntropy(tf.tensor2d([[1, NaN, 0]]), tf.tensor1d([0], 'int32')).losses.dataSync()[0]),
    ).toBe(true);
  });

  it('has the gradient that central differences show', () => {
    const labels = tf.tensor1d([3, 0, 2], 'int32');
    expect(gradientError((at) => softmaxCrossEntropy(at as Tensor2D, labels).losses, [3, 5], 4)).toBeLessThan(5e-3);
  });
});
