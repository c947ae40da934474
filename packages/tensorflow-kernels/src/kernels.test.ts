import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import {
  addRelu,
  adamUpdate,
  averagePool,
  averagePoolGrad,
  averageWeights,
  batchNorm,
  batchNormGrad,
  biasGrad,
  clipByGlobalNorm,
  conv2d,
  conv2dBatchNorm,
  conv2dBatchNormGrad,
  conv2dGradFilter,
  conv2dGradInput,
  dense,
  denseGradInput,
  denseGradWeights,
  depthwiseConv2d,
  depthwiseConv2dGradFilter,
  depthwiseConv2dGradInput,
  dropout,
  gatherImages,
  gelu,
  geluGrad,
  globalAveragePool,
  globalAveragePoolGrad,
  maxPool,
  maxPoolGrad,
  mixImages,
  registerComposedKernels,
  readFloats,
  relu6Grad,
  reluGrad,
  scaleShift,
  sgdUpdate,
  shortcutA,
  shortcutAGrad,
  silu,
  siluGrad,
  softmaxCrossEntropy,
  softTargetCrossEntropy,
  tanhGrad,
  uploadImages,
} from '@bakeoff/kernels';
import {
  constant,
  DIRECT,
  expectAgreement,
  on,
  pixelMoves,
  relativeError,
  tensor,
  tensor1d,
  tensor2d,
  tensor4d,
  values,
} from '@bakeoff/kernels/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOutOfMemory } from './out-of-memory.ts';
import { openTensorflow } from './testing/open-tensorflow.ts';

const backend = await openTensorflow();
const agree = (compute: () => Tensor[], tolerance = DIRECT) => expectAgreement('tensorflow', compute, tolerance);

const called = new Set<string>();
/** At least one test below calls each kernel of the contract. */
function watchKernels(): void {
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('tensorflow')) {
    if (!kernelName.startsWith('Bakeoff')) continue;
    tf.unregisterKernel(kernelName, 'tensorflow');
    tf.registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: (parameters) => (called.add(kernelName), kernelFunc(parameters)),
    });
  }
}
if (backend) watchKernels();

const convolve =
  (h: number, w: number, i: number, o: number, k: number, stride: number, padding: number, relu: boolean) => () => {
    const x = tensor4d([2, h, w, i], 1),
      filter = tensor4d([k, k, i, o], 2),
      window = { stride, padding };
    const y = conv2d(x, filter, relu ? tensor1d([o], 3) : null, { ...window, relu }),
      given = tensor4d(y.shape, 4),
      dy = relu ? reluGrad(given, y) : given;
    return [
      y,
      conv2dGradInput(dy, filter, x.shape, window),
      conv2dGradFilter(x, dy, filter.shape, window),
      biasGrad(dy),
    ];
  };

const normalize = (shape: number[], relu: boolean) => () => {
  const channels = shape.at(-1) ?? 1,
    x = tf.add(tensor(shape, 1), 3),
    gamma = tensor1d([channels], 2),
    beta = tensor1d([channels], 3);
  const running = {
    mean: tf.variable(tensor([channels], 5)),
    variance: tf.variable(tf.abs(tensor([channels], 6))),
    momentum: 0.1,
  };
  const { y, statistics } = batchNorm(x, gamma, beta, { epsilon: 1e-5, relu, running });
  const { dx, dGamma, dBeta } = batchNormGrad(x, tensor(shape, 4), relu ? y : null, gamma, statistics, {
    epsilon: 1e-5,
    relu,
  });
  return [y, dx, dGamma, dBeta, running.mean, running.variance];
};

const convolveAndNormalise = (relu: boolean, convolutionRelu: boolean) => () => {
  const x = tensor4d([2, 8, 8, 8], 1),
    filter = tensor4d([3, 3, 8, 16], 2),
    gamma = tensor1d([16], 3),
    residual = relu ? tensor4d([2, 8, 8, 16], 4) : null;
  const settings = { stride: 1, padding: 1, epsilon: 1e-5, relu, convolutionRelu };
  const { z, y, statistics } = conv2dBatchNorm(x, filter, tensor1d([16], 5), gamma, tensor1d([16], 6), {
    ...settings,
    residual,
  });
  const gradients = conv2dBatchNormGrad(x, filter, z, tensor4d(z.shape, 7), relu ? y : null, gamma, statistics, {
    ...settings,
    residual: relu,
    wantsBias: convolutionRelu,
    wantsInput: true,
    onto: relu ? tensor4d(x.shape, 8) : null,
  });
  return [z, y, ...Object.values(gradients).filter((gradient) => gradient !== undefined)];
};

const pool = (shape: number[], size: number, stride: number, padding: number) => () => {
  const x = tensor4d(shape, 1),
    y = maxPool(x, { size, stride, padding });
  return [y, maxPoolGrad(x, y, tensor4d(y.shape, 2), { size, stride, padding })];
};

const poolAverages = (shape: number[], size: number, stride: number, padding: number) => () => {
  const x = tensor4d(shape, 1),
    y = averagePool(x, { size, stride, padding });
  return [y, averagePoolGrad(tensor4d(y.shape, 2), x.shape, { size, stride, padding })];
};

const convolveChannels = (shape: number[], k: number, stride: number, padding: number, relu: boolean) => () => {
  const x = tensor4d(shape, 1),
    channels = x.shape[3],
    filter = tensor4d([k, k, 1, channels], 2),
    window = { stride, padding };
  const y = depthwiseConv2d(x, filter, relu ? tensor1d([channels], 3) : null, { ...window, relu }),
    dy = tensor4d(y.shape, 4);
  return [
    y,
    depthwiseConv2dGradInput(dy, filter, x.shape, window),
    depthwiseConv2dGradFilter(x, dy, filter.shape, window),
  ];
};

const layer = (activation?: 'relu' | 'tanh') => () => {
  const x = tensor2d([7, 33], 1),
    weights = tensor2d([33, 10], 2),
    dy = tensor2d([7, 10], 4),
    y = dense(x, weights, tensor1d([10], 3), activation);
  const dz = activation === 'relu' ? reluGrad(dy, y) : activation === 'tanh' ? tanhGrad(dy, y) : dy;
  return [y, dense(x, weights, null), denseGradInput(dz, weights), denseGradWeights(x, dz), biasGrad(dz)];
};

const batchNormInputs = (): Tensor[] => [tensor([2, 5, 5, 4], 1), tensor1d([4], 2), tensor1d([4], 3)];

function attempt(use: () => unknown): unknown {
  try {
    return use();
  } catch (error) {
    return error;
  }
}

describe.skipIf(!backend)('on libtensorflow', () => {
  beforeAll(() => registerComposedKernels('cpu'));
  afterAll(() =>
    expect([...called].toSorted()).toEqual(
      tf
        .getKernelsForBackend('cpu')
        .map(({ kernelName }) => kernelName)
        .filter((name) => name.startsWith('Bakeoff'))
        .toSorted(),
    ),
  );

  it.each([
    [8, 8, 3, 16, 3, 1, 1],
    [8, 8, 16, 32, 3, 2, 1],
    [7, 9, 5, 10, 3, 2, 1],
    [9, 7, 6, 7, 3, 2, 0],
    [9, 8, 7, 13, 1, 2, 0],
    [8, 8, 8, 4, 1, 1, 0],
    [11, 10, 2, 3, 5, 1, 2],
    [17, 15, 3, 9, 7, 2, 3],
    [5, 5, 4, 4, 3, 1, 2],
  ])('convolves %i x %i x %i -> %i, kernel %i, stride %i, padding %i', async (h, w, i, o, k, stride, padding) => {
    await agree(convolve(h, w, i, o, k, stride, padding, false));
    await agree(convolve(h, w, i, o, k, stride, padding, true));
  });

  it.each([undefined, 'relu', 'tanh'] as const)('has dense layers, activation %s', async (activation) =>
    agree(layer(activation)),
  );

  it.each([[[3, 5, 7, 16]], [[2, 4, 4, 5]], [[50, 12]], [[2, 9, 9, 64]]])('normalizes %j', async (shape) => {
    await agree(normalize(shape, false));
    await agree(normalize(shape, true));
  });

  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('convolves and normalizes, ReLU and residual %j, ReLU between %j', async (relu, convolutionRelu) =>
    agree(convolveAndNormalise(relu, convolutionRelu), 1e-3),
  );

  it.each([
    [[2, 8, 8, 16], 3, 1, 1],
    [[2, 9, 7, 5], 3, 2, 1],
    [[3, 6, 6, 4], 5, 1, 2],
    [[2, 4, 4, 3], 1, 1, 0],
  ])('convolves each channel of %j, kernel %i, stride %i, padding %i', async (shape, k, stride, padding) => {
    await agree(convolveChannels(shape, k, stride, padding, false));
    await agree(convolveChannels(shape, k, stride, padding, true));
  });

  it.each([
    [[2, 8, 8, 5], 2, 2, 0],
    [[2, 7, 9, 4], 3, 2, 1],
    [[1, 5, 5, 3], 3, 1, 0],
  ])('averages windows of %j, size %i, stride %i, padding %i', async (shape, size, stride, padding) =>
    agree(poolAverages(shape, size, stride, padding)),
  );

  it('has GELU, SiLU and the gradient of ReLU6', () =>
    agree(() => {
      const [x, dy] = [tf.mul(tensor([2, 3, 5, 6], 1), 4), tensor([2, 3, 5, 6], 2)];
      return [gelu(x), geluGrad(dy, x), silu(x), siluGrad(dy, x), relu6Grad(dy, tf.clipByValue(tf.mul(x, 2), 0, 6))];
    }));

  it('folds batch norm into scale and shift', () =>
    agree(() =>
      [false, true].map((relu) => scaleShift(tensor([2, 3, 5, 6], 1), tensor1d([6], 2), tensor1d([6], 3), { relu })),
    ));

  it('reads many tensors into one place', () =>
    agree(() => {
      const into = new Float32Array(9);
      readFloats([tensor1d([4], 1), tensor1d([5], 2)], into);
      return [tf.tensor1d(into)];
    }, 0));

  it('adds and rectifies', () => agree(() => [addRelu(tensor([2, 5, 3], 1), tensor([2, 5, 3], 2))]));

  it.each([
    [8, 8, 16, 2, 8],
    [7, 5, 3, 2, 1],
    [4, 4, 6, 1, 2],
    [5, 6, 9, 2, -2],
    [4, 4, 5, 1, 0],
    [9, 9, 4, 3, 3],
  ])('takes the shortcut %i x %i x %i with stride %i, pad %i', (h, w, c, stride, channelPad) =>
    agree(() => {
      const y = shortcutA(tensor4d([2, h, w, c], 1), { stride, channelPad });
      return [y, shortcutAGrad(tensor4d(y.shape, 2), [2, h, w, c], { stride, channelPad })];
    }, 0),
  );

  it('averages', () =>
    agree(() => [
      globalAveragePool(tensor4d([2, 3, 5, 7], 1)),
      globalAveragePoolGrad(tensor2d([2, 7], 2), [2, 3, 5, 7]),
    ]));

  it.each([
    [[2, 8, 8, 16], 2, 2, 0],
    [[2, 7, 9, 5], 2, 2, 0],
    [[2, 16, 16, 6], 3, 2, 1],
    [[1, 5, 5, 1], 3, 1, 1],
    [[1, 1, 1, 2], 3, 2, 1],
  ])('takes maxima of %j, size %i, stride %i, padding %i', (shape, size, stride, padding) =>
    agree(pool(shape, size, stride, padding)),
  );

  it('gives the gradient of a tie to the first position', async () => {
    const window = { size: 2, stride: 2, padding: 0 };
    const [dx] = await on('tensorflow', () => {
      const x = tf.ones<tf.Rank.R4>([1, 2, 2, 3]);
      return [maxPoolGrad(x, maxPool(x, window), constant([1, 1, 1, 3], 3) as Tensor4D, window)];
    });
    expect(Array.from(dx ?? [])).toEqual([3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('drops the same elements and channels as other engines', () =>
    agree(
      () => [true, false].map((perChannel) => dropout(tensor([3, 4, 2, 16], 1), { rate: 0.3, key: 77, perChannel })),
      1e-6,
    ));

  it.each([
    [1, 2],
    [32, 10],
    [3, 13],
  ])('scores %i samples of %i classes', (n, classes) =>
    agree(() => {
      const labels = tf.tensor1d(
        Int32Array.from({ length: n }, (_, i) => (i * 7) % classes),
        'int32',
      );
      return Object.values(softmaxCrossEntropy(tf.mul(tensor2d([n, classes], 1), 5), labels)) as Tensor[];
    }),
  );

  it.each([
    [1, 2],
    [32, 10],
  ])('scores %i samples of %i classes with soft targets', (n, classes) =>
    agree(
      () =>
        Object.values(
          softTargetCrossEntropy(tf.mul(tensor2d([n, classes], 1), 5), {
            targets: tf.abs(tensor2d([n, classes], 2)),
            answers: tf.abs(tensor2d([n, classes], 3)),
          }),
        ) as Tensor[],
    ),
  );

  it('mixes images, clips gradients and averages weights', () =>
    agree(() => {
      const average = tf.variable(tensor1d([9], 1));
      averageWeights(average, [tensor1d([4], 2), tensor1d([5], 3)], 0.9);
      const gradients = [tensor1d([700], 4), tensor1d([3], 5)];
      return [
        mixImages(tensor4d([2, 3, 3, 2], 1), tensor4d([2, 3, 3, 2], 2), 0.3),
        ...clipByGlobalNorm(gradients, 0.5),
        average.clone(),
      ];
    }));

  it('counts the first of equal logits, and shows a NaN logit as a NaN loss', async () => {
    const [correct, losses] = await on('tensorflow', () => {
      const scores = softmaxCrossEntropy(
        tf.tensor2d([
          [1000, 0, -1000],
          [2, 2, 1],
          [2, 2, 1],
          [1, NaN, 0],
        ]),
        tf.tensor1d([0, 0, 1, 0], 'int32'),
      );
      return [scores.correct, scores.losses];
    });
    expect(Array.from(correct ?? []).slice(0, 3)).toEqual([1, 1, 0]);
    expect(losses?.[0]).toBe(0);
    expect(Number.isNaN(losses?.[3])).toBe(true);
  });

  it.each([
    [6, 4, 4, 3],
    [3, 5, 3, 1],
    [5, 3, 3, 4],
  ] as const)('gathers uint8 images %i x %i x %i x %i, again and moved', (n, h, w, c) =>
    agree(() => {
      const store = new Uint8Array(n * h * w * c + 1),
        bytes = store.subarray(1);
      bytes.forEach((_, i) => (bytes[i] = (i * 37) % 256));
      const images = uploadImages(bytes, [n, h, w, c]),
        transform = {
          scale: Array.from({ length: c }, (_, i) => 1 / (50 + i)),
          shift: Array.from({ length: c }, (_, i) => i - 2.5),
        };
      const batches = [
        gatherImages(images, Int32Array.of(n - 1, 0, 1), transform),
        gatherImages(images, Int32Array.of(2), transform),
        gatherImages(images, Int32Array.of(n - 1, 0, 1), transform, pixelMoves(3, h, w)),
      ];
      images.dispose();
      return batches;
    }, 1e-5),
  );

  const shapes = [[3, 3, 2, 4], [7], [5, 2]],
    total = 3 * 3 * 2 * 4 + 7 + 10;
  const optimize =
    (
      steps: number,
      use: (parameters: tf.Variable[], gradients: Tensor[], slots: [tf.Variable, tf.Variable], step: number) => void,
    ) =>
    () => {
      const parameters = shapes.map((shape, i) => tf.variable(tensor(shape, i + 1))),
        slots: [tf.Variable, tf.Variable] = [tf.variable(tf.zeros([total])), tf.variable(tf.zeros([total]))];
      for (let step = 1; step <= steps; ++step)
        use(
          parameters,
          shapes.map((shape, i) => tensor(shape, 10 * step + i)),
          slots,
          step,
        );
      return [...parameters, ...slots].map((each) => each.clone());
    };

  it.each([
    { l2: 0, weightDecay: 0 },
    { l2: 0.01, weightDecay: 0 },
    { l2: 0, weightDecay: 0.1 },
  ])('steps with Adam: %j', (decay) =>
    // TensorFlow computes 1 - beta2 in float32: a relative error of 1.3e-5 in v, and half of that in a step.
    agree(
      optimize(6, (parameters, gradients, [m, v], step) =>
        adamUpdate(
          { parameters, gradients, m, v },
          { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...decay, step },
        ),
      ),
      2e-5,
    ),
  );

  it("keeps Adam's epsilon where PyTorch has it", async () => {
    const [found] = await on('tensorflow', () => {
      const parameter = tf.variable(tf.zeros([1])),
        slots = { m: tf.variable(tf.zeros([1])), v: tf.variable(tf.zeros([1])) };
      adamUpdate(
        { parameters: [parameter], gradients: [tf.tensor1d([1e-3])], ...slots },
        { learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-3, l2: 0, weightDecay: 0, step: 1 },
      );
      return [parameter.clone()];
    });
    expect(found?.[0]).toBeCloseTo(-0.5, 5);
  });

  it.each([
    { momentum: 0, nesterov: false, l2: 0 },
    { momentum: 0.9, nesterov: false, l2: 1e-2 },
    { momentum: 0.9, nesterov: true, l2: 1e-2 },
  ])('steps with SGD: %j', (settings) =>
    agree(
      optimize(6, (parameters, gradients, [velocity], step) => {
        if (step === 1) velocity.assign(constant([total], NaN));
        sgdUpdate(
          { parameters, gradients, velocity: settings.momentum ? velocity : null },
          { learningRate: 0.05, ...settings, step },
        );
        if (!settings.momentum) velocity.assign(tf.zeros([total]));
      }),
      1e-5,
    ),
  );

  it('continues from variables that were assigned, and from one optimizer to another', () =>
    agree(
      optimize(4, (parameters, gradients, [m, v], step) => {
        const settings = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2: 0, weightDecay: 0, step },
          other = tf.variable(tf.ones([2]));
        adamUpdate({ parameters, gradients, m, v }, settings);
        sgdUpdate(
          { parameters: [other], gradients: [tf.ones([2])], velocity: null },
          { learningRate: 1, momentum: 0, nesterov: false, l2: 0, step: 1 },
        );
        if (step === 2) for (const each of [...parameters, m]) each.assign(tf.mul(each, 2));
      }),
      2e-5,
    ));

  it("keeps the old values of tensors that share a variable's data", async () => {
    const found = await on('tensorflow', () => {
      const initial = tf.ones([5]),
        parameter = tf.variable(initial),
        clone = parameter.clone();
      sgdUpdate(
        { parameters: [parameter], gradients: [tf.ones([5])], velocity: null },
        { learningRate: 0.5, momentum: 0, nesterov: false, l2: 0, step: 1 },
      );
      sgdUpdate(
        { parameters: [parameter], gradients: [tf.ones([5])], velocity: null },
        { learningRate: 0.25, momentum: 0, nesterov: false, l2: 0, step: 2 },
      );
      return [initial, clone, parameter.clone()];
    });
    expect(found.map(([first]) => first)).toEqual([1, 1, 0.25]);
  });

  it('leaves arrays that tensors were made from unchanged', async () => {
    const start = values(6, 1),
      copy = start.slice();
    await on('tensorflow', () => {
      const parameter = tf.variable(tf.tensor(start)),
        slots = { m: tf.variable(tf.zeros([6])), v: tf.variable(tf.zeros([6])) };
      for (let step = 1; step <= 3; ++step)
        adamUpdate(
          { parameters: [parameter], gradients: [tf.ones([6])], ...slots },
          { learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2: 0, weightDecay: 0, step },
        );
      return [];
    });
    expect(start).toEqual(copy);
  });

  it('gives tf.grads the gradients of its own backward kernels', async () => {
    const [taped, direct] = [
      await on('tensorflow', () =>
        tf.grads(
          (x, gamma, beta) => batchNorm(x, gamma as Tensor1D, beta as Tensor1D, { epsilon: 1e-5, relu: true }).y,
        )(batchNormInputs(), tensor([2, 5, 5, 4], 4)),
      ),
      await on('tensorflow', () => {
        const [x, gamma, beta] = batchNormInputs() as [Tensor4D, Tensor1D, Tensor1D],
          { y, statistics } = batchNorm(x, gamma, beta, { epsilon: 1e-5, relu: true });
        const { dx, dGamma, dBeta } = batchNormGrad(x, tensor4d([2, 5, 5, 4], 4), y, gamma, statistics, {
          epsilon: 1e-5,
          relu: true,
        });
        return [dx, dGamma, dBeta];
      }),
    ];
    taped.forEach((gradient, i) => expect(relativeError(gradient, direct[i] ?? [])).toBeLessThan(1e-6));
  });

  it('distinguishes a full device from other errors', async () => {
    await tf.setBackend('tensorflow');
    expect(
      isOutOfMemory(
        attempt(() => conv2d(tf.ones([1, 1, 1, 1]), tf.ones([1, 1, 1, 1]), null, { stride: 1, padding: 2 ** 20 })),
      ),
    ).toBe(true);
    expect(isOutOfMemory(attempt(() => dense(tf.ones([2, 3]), tf.ones([2, 3]), null)))).toBe(false);
  });
});
