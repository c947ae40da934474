import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adamUpdate,
  addRelu,
  batchNorm,
  batchNormGrad,
  conv2d,
  conv2dGradFilter,
  dense,
  denseGradInput,
  denseGradWeights,
  dropout,
  dropoutKey,
  gatherImages,
  globalAveragePool,
  globalAveragePoolGrad,
  readFloats,
  reluGrad,
  sgdUpdate,
  softmaxCrossEntropy,
  uploadImages,
} from '@bakeoff/kernels';
import { wasmMemoryBytes } from './index.ts';
import { installTestedKernels } from './testing/install.ts';
import {
  constant,
  expectAgreement,
  relativeError,
  tensor,
  tensor4d,
  values,
  pixelMoves,
} from '@bakeoff/kernels/testing';

beforeAll(async () => void (await installTestedKernels()));

const zeros = (size: number) => tf.variable(tf.zeros([size]));
const makeSlots = (count: number, size: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => ({ m: zeros(size(i)), v: zeros(size(i)), velocity: zeros(size(i)) }));

describe.each(['cpu', 'wasm'])('optimizers on %s', (backend) => {
  beforeAll(async () => void (await tf.setBackend(backend)));
  const count = 37;

  it.each([
    { l2: 0, weightDecay: 0 },
    { l2: 0.01, weightDecay: 0 },
    { l2: 0, weightDecay: 0.1 },
  ])('follows Adam in float64: %j', ({ l2, weightDecay }) => {
    const parameter = tf.variable(tensor([count], 1)),
      m = tf.variable(tf.zeros([count])),
      v = tf.variable(tf.zeros([count]));
    const p = Float64Array.from(values(count, 1)),
      mean = new Float64Array(count),
      square = new Float64Array(count);
    for (let step = 1; step <= 8; ++step) {
      const gradient = tensor([count], 100 + step),
        exact = values(count, 100 + step);
      adamUpdate(
        { parameters: [parameter], gradients: [gradient], m, v },
        { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2, weightDecay, step },
      );
      for (let i = 0; i < count; ++i) {
        const old = p[i] ?? 0,
          g = (exact[i] ?? 0) + l2 * old;
        mean[i] = 0.9 * (mean[i] ?? 0) + 0.1 * g;
        square[i] = 0.999 * (square[i] ?? 0) + 0.001 * g * g;
        const denominator = Math.sqrt(square[i] ?? 0) / Math.sqrt(1 - 0.999 ** step) + 1e-8;
        p[i] = old * (1 - 1e-2 * weightDecay) - ((1e-2 / (1 - 0.9 ** step)) * (mean[i] ?? 0)) / denominator;
      }
    }
    expect(relativeError(parameter.dataSync(), p)).toBeLessThan(1e-5);
    expect(relativeError(v.dataSync(), square)).toBeLessThan(1e-5);
  });

  it.each([
    { momentum: 0, nesterov: false, l2: 0 },
    { momentum: 0.9, nesterov: false, l2: 1e-2 },
    { momentum: 0.9, nesterov: true, l2: 1e-2 },
  ])('follows SGD in float64: %j', ({ momentum, nesterov, l2 }) => {
    const parameter = tf.variable(tensor([count], 1)),
      velocity = momentum ? tf.variable(constant([count], NaN)) : null;
    const p = Float64Array.from(values(count, 1)),
      kept = new Float64Array(count);
    for (let step = 1; step <= 8; ++step) {
      const gradient = tensor([count], 100 + step),
        exact = values(count, 100 + step);
      sgdUpdate(
        { parameters: [parameter], gradients: [gradient], velocity },
        { learningRate: 0.05, momentum, nesterov, l2, step },
      );
      for (let i = 0; i < count; ++i) {
        const g = (exact[i] ?? 0) + l2 * (p[i] ?? 0);
        kept[i] = step === 1 ? g : momentum * (kept[i] ?? 0) + g;
        p[i] = (p[i] ?? 0) - 0.05 * (nesterov ? g + momentum * (kept[i] ?? 0) : momentum ? (kept[i] ?? 0) : g);
      }
    }
    expect(relativeError(parameter.dataSync(), p)).toBeLessThan(1e-5);
  });

  it('updates many parameters at once as it does one by one', () => {
    const shapes = [[3, 2], [5], [1, 1, 2, 2]],
      sizes = shapes.map((shape) => tf.util.sizeFromShape(shape)),
      total = sizes.reduce((sum, size) => sum + size, 0);
    const adam = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2: 1e-2, weightDecay: 0 },
      sgd = { learningRate: 1e-2, momentum: 0.9, nesterov: true, l2: 1e-2 };
    const together = shapes.map((shape, i) => tf.variable(tensor(shape, i))),
      alone = shapes.map((shape, i) => tf.variable(tensor(shape, i)));
    const whole = makeSlots(1, () => total),
      parts = makeSlots(shapes.length, (i) => sizes[i] ?? 0);
    for (let step = 1; step <= 3; ++step) {
      const gradients = shapes.map((shape, i) => tensor(shape, 10 * step + i));
      for (const state of whole) {
        adamUpdate({ parameters: together, gradients, ...state }, { ...adam, step });
        sgdUpdate({ parameters: together, gradients, ...state }, { ...sgd, step });
      }
      parts.forEach((state, i) => {
        const one = { parameters: alone.slice(i, i + 1), gradients: gradients.slice(i, i + 1), ...state };
        adamUpdate(one, { ...adam, step });
        sgdUpdate(one, { ...sgd, step });
      });
    }
    expect(together.map((t) => t.dataSync())).toEqual(alone.map((t) => t.dataSync()));
    expect(Array.from(whole[0]?.v.dataSync() ?? [])).toEqual(parts.flatMap(({ v }) => Array.from(v.dataSync())));
  });

  it('refuses gradients and state of other sizes', () => {
    const parameter = tf.variable(tf.ones([2, 2])),
      settings = { learningRate: 1, momentum: 0.9, nesterov: false, l2: 0, step: 1 };
    expect(() => sgdUpdate({ parameters: [parameter], gradients: [tf.ones([3])], velocity: null }, settings)).toThrow(
      'of sizes 4 have sizes 3',
    );
    expect(() =>
      sgdUpdate(
        { parameters: [parameter], gradients: [tf.ones([2, 2])], velocity: tf.variable(tf.ones([2, 2])) },
        settings,
      ),
    ).toThrow('state of shape [4], received [2, 2]');
  });

  it("keeps the old values of tensors that share a variable's data", () => {
    const initial = tf.ones([5]),
      parameter = tf.variable(initial),
      clone = parameter.clone(),
      view = tf.reshape(parameter, [5, 1]);
    sgdUpdate(
      { parameters: [parameter], gradients: [tf.ones([5])], velocity: null },
      { learningRate: 0.5, momentum: 0, nesterov: false, l2: 0, step: 1 },
    );
    expect([initial, clone, view, parameter].map((t) => t.dataSync()[0])).toEqual([1, 1, 1, 0.5]);
  });
});

describe('reading', () => {
  it('refuses memory of another size', () => {
    const tensors = [constant([2, 3], 1), constant([4], 2)];
    expect(() => readFloats(tensors, new Float32Array(9))).toThrow(
      'Reading 10 elements needs as many places, received 9',
    );
  });
});

describe('images', () => {
  it.each([
    [6, 4, 4, 3],
    [3, 5, 3, 1],
    [5, 3, 3, 4],
    [2, 3, 5, 7],
  ] as const)('gathers and normalizes uint8 %i x %i x %i x %i on every engine', async (n, h, w, c) => {
    const bytes = Uint8Array.from({ length: n * h * w * c }, (_, i) => (i * 37) % 256),
      ones = Array<number>(c).fill(0);
    const transform = { scale: ones.map((_, i) => 1 / (50 + i)), shift: ones.map((_, i) => i - 2.5) };
    await expectAgreement(
      'wasm',
      () => {
        const images = uploadImages(bytes, [n, h, w, c]),
          indices = Int32Array.of(n - 1, 0, 1, n - 1);
        const batches = [null, pixelMoves(4, h, w)].map((moves) => gatherImages(images, indices, transform, moves));
        images.dispose();
        return batches;
      },
      1e-5,
    );
  });

  it('refuses an index out of range', async () => {
    await tf.setBackend('wasm');
    const images = uploadImages(new Uint8Array(24), [2, 2, 2, 3]),
      transform = { scale: [1, 1, 1], shift: [0, 0, 0] };
    expect(() => gatherImages(images, Int32Array.of(0, 2), transform)).toThrow('Image index 2 is not in [0, 2)');
    const gather = (moves: Int32Array) => gatherImages(images, Int32Array.of(1), transform, moves);
    expect(() => gather(new Int32Array(16))).toThrow('of 2x2 are 8 values, received 16');
    expect(() => gather(Int32Array.of(0, 1, 0, 2, 0, 0, 0, 0))).toThrow('comes from 2, which is not in [-1, 2)');
    expect(() => uploadImages(new Uint8Array(23), [2, 2, 2, 3])).toThrow('need 24 bytes, received 23');
    images.dispose();
  });
});

const labelsOf = (step: number): Tensor1D =>
  tf.tensor1d(
    Int32Array.from({ length: 4 }, (_, i) => ((step * 3 + i) % 8) % 3),
    'int32',
  );

/** A small residual network, trained with explicit backward calls. */
function trainStep(net: ReturnType<typeof makeNet>, step: number): number {
  return tf.tidy(() => {
    const settings = { stride: 1, padding: 1 },
      noise = { rate: 0.1, key: dropoutKey(1, step, 0), perChannel: true };
    const x = gatherImages(
      net.images,
      Int32Array.from({ length: 4 }, (_, i) => (step * 3 + i) % 8),
      { scale: [1 / 64, 1 / 64, 1 / 64], shift: [-2, -2, -2] },
    );
    const stem = conv2d(x, net.stem as unknown as Tensor4D, null, { ...settings, relu: true });
    const c = conv2d(stem, net.filter as unknown as Tensor4D, null, settings);
    const { y: normal, statistics } = batchNorm(c, net.gamma as unknown as Tensor1D, net.beta as unknown as Tensor1D, {
      epsilon: 1e-5,
    });
    const dropped = dropout(normal, noise),
      sum = addRelu(dropped, stem),
      pooled = globalAveragePool(sum);
    const { losses, dLogits } = softmaxCrossEntropy(
      dense(pooled, net.weights as unknown as Tensor2D, null),
      labelsOf(step),
    );
    const dPooled = denseGradInput(dLogits, net.weights as unknown as Tensor2D);
    const dSum = reluGrad(globalAveragePoolGrad(dPooled, sum.shape), sum);
    const { dx, dGamma, dBeta } = batchNormGrad(
      c,
      dropout(dSum, noise),
      null,
      net.gamma as unknown as Tensor1D,
      statistics,
      { epsilon: 1e-5 },
    );
    const gradients = {
      weights: denseGradWeights(pooled, dLogits),
      gamma: dGamma,
      beta: dBeta,
      filter: conv2dGradFilter(stem, dx, [3, 3, 8, 8], settings),
      stem: conv2dGradFilter(x, reluGrad(dSum, stem), [3, 3, 3, 8], settings),
    };
    const parameters = Object.keys(gradients).map((name) => net[name as keyof typeof gradients]);
    adamUpdate(
      { parameters, gradients: Object.values(gradients), ...net.moments },
      { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2: 1e-4, weightDecay: 0, step },
    );
    return losses.dataSync()[0] ?? NaN;
  });
}

function makeNet() {
  const shapes = { stem: [3, 3, 3, 8], filter: [3, 3, 8, 8], gamma: [8], beta: [8], weights: [8, 3] };
  const variables = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [name, tf.variable(tf.mul(tensor(shape, i + 1), 0.3))]),
  );
  const size = Object.values(variables).reduce((sum, variable) => sum + variable.size, 0);
  const moments = { m: tf.variable(tf.zeros([size])), v: tf.variable(tf.zeros([size])) };
  const images = uploadImages(
    Uint8Array.from({ length: 8 * 8 * 8 * 3 }, (_, i) => (i * 97 + (i >> 6) * 13) % 256),
    [8, 8, 8, 3],
  );
  return { ...(variables as Record<keyof typeof shapes, tf.Variable>), moments, images };
}

describe('training', () => {
  it('keeps tensors and heap constant over 2,000 steps, and learns', async () => {
    await tf.setBackend('wasm');
    const net = makeNet(),
      first = trainStep(net, 1);
    trainStep(net, 2);
    const tensors = tf.memory().numTensors,
      heap = wasmMemoryBytes();
    let last = 0;
    for (let step = 3; step <= 2001; ++step) last = trainStep(net, step);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(wasmMemoryBytes()).toBe(heap);
    expect(last).toBeLessThan(first / 4);
  });

  it('is equal bit for bit when run twice', async () => {
    await tf.setBackend('wasm');
    const nets = [makeNet(), makeNet()] as const;
    for (const net of nets) for (let step = 1; step <= 5; ++step) trainStep(net, step);
    expect(nets[0].filter.dataSync()).toEqual(nets[1].filter.dataSync());
  });

  it('keeps working after the memory has grown', async () => {
    await tf.setBackend('wasm');
    const x = tensor4d([1, 8, 8, 8], 1),
      filter = tensor4d([3, 3, 8, 8], 2);
    const run = (): Float32Array => conv2d(x, filter, null, { stride: 1, padding: 1 }).dataSync<'float32'>();
    const before = run(),
      heap = wasmMemoryBytes(),
      large = tf.zeros([64, 1024, 1024]);
    expect(wasmMemoryBytes()).toBeGreaterThan(heap);
    expect(run()).toEqual(before);
    large.dispose();
  });

  it('reports that memory is full, and continues with smaller tensors', async () => {
    await tf.setBackend('wasm');
    const half = tf.ones<tf.Rank.R4>([1, 1, 1, 1]);
    expect(() => conv2d(half, tf.ones([1, 1, 1, 1]), null, { stride: 1, padding: 2 ** 15 })).toThrow(/memory/i);
    expect(conv2d(half, tf.ones([1, 1, 1, 1]), null, { stride: 1, padding: 0 }).dataSync()[0]).toBe(1);
  });
});
