import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { array, boolean, constantFrom, double, integer, record } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import {
  adamUpdate,
  addRelu,
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
  readFloats,
  relu6Grad,
  reluGrad,
  scaleShift,
  sgdUpdate,
  shortcutA,
  shortcutAGrad,
  silu,
  siluGrad,
  softTargetCrossEntropy,
  softmaxCrossEntropy,
  tanhGrad,
  uploadImages,
} from '@bakeoff/kernels';
import type { KernelName } from '@bakeoff/kernels';
import { pixelMoves, tensor, tensor1d, tensor2d, tensor4d } from '@bakeoff/kernels/testing';

export interface Case {
  /** Shown if the case fails. */
  what: string;
  compute: () => Tensor[];
}

/** Cases of a kernel from random settings. */
function cases<Settings extends object>(
  settings: Arbitrary<Settings>,
  compute: (settings: Settings) => Tensor[],
): Arbitrary<Case> {
  return settings.map((chosen) => ({ what: JSON.stringify(chosen), compute: () => compute(chosen) }));
}

/** Which channels the cases have. */
export interface Channels {
  readonly channels: Arbitrary<number>;
  /** Those of a convolution that Winograd's algorithm takes, from any two. */
  readonly winogradChannels: (drawn: { i: number; o: number }) => { i: number; o: number };
}

/** Any channels, few of them whole vectors. */
export const anyChannels: Channels = {
  channels: integer({ min: 1, max: 21 }),
  winogradChannels: ({ i, o }) => ({ i: 8 + 4 * (i % 3), o: 8 * (1 + (o % 3)) }),
};

/** Mostly whole vectors of 4, 8 and 16 floats. */
export const wholeVectors: Channels = {
  channels: constantFrom(4, 8, 16, 24, 32, 48, 33),
  winogradChannels: ({ i, o }) => ({ i: 8 * Math.ceil(i / 8), o: 8 * Math.ceil(o / 8) }),
};

const window = ({ k, stride }: { k: number; stride: number }) => ({ stride, padding: (k - 1) / 2 });

/** Parameters after some steps of an optimizer on random gradients. */
function trained(
  sizes: number[],
  steps: number,
  update: (parameters: tf.Variable[], gradients: Tensor[], slots: [tf.Variable, tf.Variable], step: number) => void,
): Tensor[] {
  const parameters = sizes.map((size, i) => tf.variable(tensor1d([size], i))),
    total = sizes.reduce((sum, size) => sum + size, 0);
  const slots: [tf.Variable, tf.Variable] = [tf.variable(tf.zeros([total])), tf.variable(tf.zeros([total]))];
  for (let step = 1; step <= steps; ++step)
    update(
      parameters,
      sizes.map((size, i) => tensor1d([size], 10 * step + i)),
      slots,
      step,
    );
  return [...parameters, ...slots];
}

/** Every kernel of the contract: one without an entry does not compile. */
export function kernelCases({ channels, winogradChannels }: Channels): Record<KernelName, Arbitrary<Case>> {
  const side = integer({ min: 1, max: 9 }),
    few = integer({ min: 1, max: 4 });
  const images = { n: few, h: side, w: side, c: channels };

  /** Half of them have shapes that Winograd's algorithm takes. */
  const convolutions = record({
    n: few,
    h: side,
    w: side,
    i: channels,
    o: channels,
    k: constantFrom(1, 3, 5),
    stride: integer({ min: 1, max: 2 }),
    relu: boolean(),
    isWinograd: boolean(),
  }).map((c) =>
    c.isWinograd
      ? {
          ...c,
          n: c.n + 2,
          h: 4 * Math.ceil(c.h / 3),
          w: 4 * Math.ceil(c.w / 4),
          ...winogradChannels(c),
          k: 3,
          stride: 1,
        }
      : c,
  );
  type Convolution = typeof convolutions extends Arbitrary<infer C> ? C : never;
  const depthwise = record({ ...images, k: constantFrom(1, 3, 5), stride: integer({ min: 1, max: 2 }) });
  const output = (c: Pick<Convolution, 'n' | 'h' | 'w' | 'o' | 'stride'>) => [
    c.n,
    Math.ceil(c.h / c.stride),
    Math.ceil(c.w / c.stride),
    c.o,
  ];

  const matrices = record({
    m: side,
    k: channels,
    n: channels,
    activation: constantFrom(undefined, 'relu' as const, 'tanh' as const),
  });
  const pools = record({
    ...images,
    size: integer({ min: 1, max: 3 }),
    stride: integer({ min: 1, max: 3 }),
    padding: integer({ min: 0, max: 1 }),
  }).filter(({ h, w, size, padding }) => padding * 2 <= size && Math.min(h, w) + 2 * padding >= size);
  const shortcuts = record({
    ...images,
    stride: integer({ min: 1, max: 3 }),
    channelPad: integer({ min: -3, max: 3 }),
  }).filter(({ c, channelPad }) => c + 2 * channelPad > 0);
  const norms = record({
    rows: integer({ min: 2, max: 700 }),
    c: channels,
    relu: boolean(),
    residual: boolean(),
    inputRelu: boolean(),
    overwrite: boolean(),
    mean: constantFrom(0, 3),
  });
  const vectors = record({
    sizes: array(integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 }),
    steps: integer({ min: 1, max: 3 }),
    l2: constantFrom(0, 1e-2),
  });

  const pairs = (kernel: (a: Tensor, b: Tensor) => Tensor) =>
    cases(record(images), ({ n, h, w, c }) => [kernel(tensor([n, h, w, c], 1), tensor([n, h, w, c], 2))]);

  function normalized({
    rows,
    c,
    relu,
    residual,
    inputRelu,
    overwrite,
    mean,
  }: typeof norms extends Arbitrary<infer N> ? N : never) {
    const given = tf.add(tensor2d([rows, c], 1), mean),
      x = inputRelu ? tf.relu(given) : given,
      gamma = tensor1d([c], 2),
      beta = tensor1d([c], 3);
    const running = {
      mean: tf.variable(tensor1d([c], 4)),
      variance: tf.variable(tf.abs(tensor1d([c], 5))),
      momentum: 0.1,
    };
    const settings = { epsilon: 1e-5, relu, residual: residual && relu, inputRelu, overwrite };
    return {
      x,
      gamma,
      running,
      settings,
      ...batchNorm(x, gamma, beta, {
        epsilon: 1e-5,
        relu,
        running,
        residual: residual ? tensor2d([rows, c], 7) : null,
      }),
    };
  }

  const normedConvolutions = record({
    c: convolutions,
    relu: boolean(),
    residual: boolean(),
    convolutionRelu: boolean(),
    adds: boolean(),
    wantsInput: boolean(),
    overwrite: boolean(),
  })
    // With few weights per channel, a filter is almost only a scale, which batch norm cancels: its gradients are rounding
    // noise.
    .filter(({ c }) => c.k > 1 && c.i > 1 && c.n * Math.ceil(c.h / c.stride) * Math.ceil(c.w / c.stride) > 30);

  function convolvedAndNormalised({
    c,
    relu,
    residual,
    convolutionRelu,
    overwrite,
  }: typeof normedConvolutions extends Arbitrary<infer P> ? P : never) {
    const x = tensor4d([c.n, c.h, c.w, c.i], 1),
      filter = tensor4d([c.k, c.k, c.i, c.o], 2),
      gamma = tensor1d([c.o], 3),
      beta = tensor1d([c.o], 4);
    const running = {
      mean: tf.variable(tensor1d([c.o], 4)),
      variance: tf.variable(tf.abs(tensor1d([c.o], 5))),
      momentum: 0.1,
    };
    const settings = { ...window(c), epsilon: 1e-5, relu, residual: residual && relu, convolutionRelu, overwrite };
    return {
      x,
      filter,
      gamma,
      running,
      settings,
      ...conv2dBatchNorm(x, filter, tensor1d([c.o], 7), gamma, beta, {
        ...settings,
        running,
        residual: residual ? tensor4d(output(c), 8) : null,
      }),
    };
  }

  return {
    BakeoffConv2D: cases(convolutions, (c) => [
      conv2d(tensor4d([c.n, c.h, c.w, c.i], 1), tensor4d([c.k, c.k, c.i, c.o], 2), tensor1d([c.o], 3), {
        ...window(c),
        relu: c.relu,
      }),
    ]),
    BakeoffConv2DGradInput: cases(
      record({ c: convolutions, adds: boolean(), overwrite: boolean() }),
      ({ c, adds, overwrite }) => {
        const shape = [c.n, c.h, c.w, c.i] as const,
          onto = adds ? tensor4d(shape, 3) : null;
        return [
          conv2dGradInput(tensor4d(output(c), 1), tensor4d([c.k, c.k, c.i, c.o], 2), shape, {
            ...window(c),
            onto,
            overwriteOnto: overwrite,
          }),
        ];
      },
    ),
    BakeoffConv2DGradFilter: cases(convolutions, (c) => [
      conv2dGradFilter(tensor4d([c.n, c.h, c.w, c.i], 1), tensor4d(output(c), 2), [c.k, c.k, c.i, c.o], window(c)),
    ]),
    BakeoffDense: cases(matrices, ({ m, k, n, activation }) => [
      dense(tensor2d([m, k], 1), tensor2d([k, n], 2), tensor1d([n], 3), activation),
    ]),
    BakeoffDenseGradInput: cases(matrices, ({ m, k, n }) => [denseGradInput(tensor2d([m, n], 1), tensor2d([k, n], 2))]),
    BakeoffDenseGradWeights: cases(matrices, ({ m, k, n }) => [
      denseGradWeights(tensor2d([m, k], 1), tensor2d([m, n], 2)),
    ]),
    BakeoffBiasGrad: cases(record(images), ({ n, h, w, c }) => [biasGrad(tensor4d([n, h, w, c], 1))]),
    BakeoffReluGrad: cases(record({ ...images, overwrite: boolean() }), ({ n, h, w, c, overwrite }) => [
      reluGrad(tensor([n, h, w, c], 1), tensor([n, h, w, c], 2), { overwrite }),
    ]),
    BakeoffTanhGrad: pairs(tanhGrad),
    BakeoffRelu6Grad: pairs((dy, y) => relu6Grad(dy, tf.clipByValue(tf.mul(y, 8), 0, 6))),
    BakeoffGelu: cases(record({ ...images, size: constantFrom(1, 30) }), ({ n, h, w, c, size }) => [
      gelu(tf.mul(tensor4d([n, h, w, c], 1), size)),
    ]),
    BakeoffGeluGrad: pairs((dy, x) => geluGrad(dy, tf.mul(x, 4))),
    BakeoffSilu: cases(record({ ...images, size: constantFrom(1, 100) }), ({ n, h, w, c, size }) => [
      silu(tf.mul(tensor4d([n, h, w, c], 1), size)),
    ]),
    BakeoffSiluGrad: pairs((dy, x) => siluGrad(dy, tf.mul(x, 4))),
    BakeoffDepthwiseConv2D: cases(record({ depthwise, relu: boolean() }), ({ depthwise: c, relu }) => [
      depthwiseConv2d(tensor4d([c.n, c.h, c.w, c.c], 1), tensor4d([c.k, c.k, 1, c.c], 2), tensor1d([c.c], 3), {
        ...window(c),
        relu,
      }),
    ]),
    BakeoffDepthwiseConv2DGradInput: cases(depthwise, (c) => [
      depthwiseConv2dGradInput(
        tensor4d(output({ ...c, o: c.c }), 1),
        tensor4d([c.k, c.k, 1, c.c], 2),
        [c.n, c.h, c.w, c.c],
        window(c),
      ),
    ]),
    BakeoffDepthwiseConv2DGradFilter: cases(depthwise, (c) => [
      depthwiseConv2dGradFilter(
        tensor4d([c.n, c.h, c.w, c.c], 1),
        tensor4d(output({ ...c, o: c.c }), 2),
        [c.k, c.k, 1, c.c],
        window(c),
      ),
    ]),
    BakeoffAveragePool: cases(pools, ({ n, h, w, c, ...settings }) => [
      averagePool(tensor4d([n, h, w, c], 1), settings),
    ]),
    BakeoffAveragePoolGrad: cases(pools, ({ n, h, w, c, ...settings }) => {
      const { shape } = averagePool(tf.zeros([n, h, w, c]), settings);
      return [averagePoolGrad(tensor4d(shape, 1), [n, h, w, c], settings)];
    }),
    BakeoffAddRelu: pairs(addRelu),
    BakeoffBatchNorm: cases(norms, (settings) => {
      const { y, running } = normalized(settings);
      return [y, running.mean, running.variance];
    }),
    BakeoffBatchNormGrad: cases(norms, (chosen) => {
      const { x, y, gamma, statistics, settings } = normalized(chosen);
      const { dx, dGamma, dBeta, dResidual } = batchNormGrad(
        x,
        tensor2d([chosen.rows, chosen.c], 6),
        y,
        gamma,
        statistics,
        settings,
      );
      return [dx, dGamma, dBeta, ...(dResidual ? [dResidual] : [])];
    }),
    BakeoffConv2DBatchNorm: cases(normedConvolutions, (settings) => {
      const { z, y, running } = convolvedAndNormalised(settings);
      return [z, y, running.mean, running.variance];
    }),
    BakeoffConv2DBatchNormGrad: cases(normedConvolutions, (chosen) => {
      const { x, filter, z, y, gamma, statistics, settings } = convolvedAndNormalised(chosen);
      const onto = chosen.adds ? tensor4d(x.shape, 9) : null;
      const { dBias, dx, dResidual, ...gradients } = conv2dBatchNormGrad(
        x,
        filter,
        z,
        tensor4d(z.shape, 6),
        settings.relu ? y : null,
        gamma,
        statistics,
        {
          ...settings,
          wantsBias: settings.convolutionRelu,
          wantsInput: chosen.wantsInput,
          onto,
          overwriteOnto: chosen.overwrite,
        },
      );
      return [...Object.values(gradients), dBias, dx, dResidual].filter((gradient) => gradient !== undefined);
    }),
    BakeoffScaleShift: cases(record({ ...images, relu: boolean() }), ({ n, h, w, c, relu }) => [
      scaleShift(tensor4d([n, h, w, c], 1), tensor1d([c], 2), tensor1d([c], 3), { relu }),
    ]),
    BakeoffShortcutA: cases(shortcuts, ({ n, h, w, c, ...settings }) => [
      shortcutA(tensor4d([n, h, w, c], 1), settings),
    ]),
    BakeoffShortcutAGrad: cases(shortcuts, ({ n, h, w, c, ...settings }) => {
      const small = [n, Math.ceil(h / settings.stride), Math.ceil(w / settings.stride), c + 2 * settings.channelPad];
      return [shortcutAGrad(tensor4d(small, 1), [n, h, w, c], settings)];
    }),
    BakeoffGlobalAveragePool: cases(record(images), ({ n, h, w, c }) => [globalAveragePool(tensor4d([n, h, w, c], 1))]),
    BakeoffGlobalAveragePoolGrad: cases(record(images), ({ n, h, w, c }) => [
      globalAveragePoolGrad(tensor2d([n, c], 1), [n, h, w, c]),
    ]),
    BakeoffMaxPool: cases(pools, ({ n, h, w, c, ...settings }) => [maxPool(tensor4d([n, h, w, c], 1), settings)]),
    BakeoffMaxPoolGrad: cases(pools, ({ n, h, w, c, ...settings }) => {
      const x = tensor4d([n, h, w, c], 1),
        y = maxPool(x, settings);
      return [maxPoolGrad(x, y, tensor4d(y.shape, 2), settings)];
    }),
    BakeoffDropout: cases(
      record({
        ...images,
        rate: double({ min: 0, max: 0.99, noNaN: true }),
        key: integer({ min: 0, max: 2 ** 32 - 1 }),
        perChannel: boolean(),
      }),
      ({ n, h, w, c, ...settings }) => [dropout(tensor4d([n, h, w, c], 1), settings)],
    ),
    BakeoffSoftmaxCrossEntropy: cases(
      record({ n: side, classes: integer({ min: 2, max: 40 }), size: constantFrom(0.1, 5, 100) }),
      ({ n, classes, size }) => {
        const labels = tf.tensor1d(
          Int32Array.from({ length: n }, (_, i) => (i * 7) % classes),
          'int32',
        );
        const { losses, correct, dLogits } = softmaxCrossEntropy(tf.mul(tensor2d([n, classes], 1), size), labels);
        return [losses, correct, dLogits];
      },
    ),
    BakeoffSoftTargetCrossEntropy: cases(
      record({ n: side, classes: integer({ min: 2, max: 40 }), size: constantFrom(0.1, 5, 100) }),
      ({ n, classes, size }) => {
        const { losses, correct, dLogits } = softTargetCrossEntropy(tf.mul(tensor2d([n, classes], 1), size), {
          targets: tf.abs(tensor2d([n, classes], 2)),
          answers: tf.abs(tensor2d([n, classes], 3)),
        });
        return [losses, correct, dLogits];
      },
    ),
    BakeoffMixImages: cases(
      record({ ...images, share: double({ min: 0, max: 1, noNaN: true }) }),
      ({ n, h, w, c, share }) => [mixImages(tensor4d([n, h, w, c], 1), tensor4d([n, h, w, c], 2), share)],
    ),
    BakeoffClipByGlobalNorm: cases(
      record({
        sizes: array(integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 3 }),
        maximum: constantFrom(0.1, 1e3),
      }),
      ({ sizes, maximum }) =>
        clipByGlobalNorm(
          sizes.map((size, i) => tensor1d([size], i)),
          maximum,
        ),
    ),
    BakeoffAverageWeights: cases(
      record({ sizes: array(side, { minLength: 1, maxLength: 3 }), decay: constantFrom(0, 0.9) }),
      ({ sizes, decay }) => {
        const average = tf.variable(tensor1d([sizes.reduce((sum, size) => sum + size, 0)], 1));
        averageWeights(
          average,
          sizes.map((size, i) => tensor1d([size], 2 + i)),
          decay,
        );
        return [average];
      },
    ),
    BakeoffReadFloats: cases(array(side, { minLength: 1, maxLength: 3 }), (sizes) => {
      const into = new Float32Array(sizes.reduce((sum, size) => sum + size, 0));
      readFloats(
        sizes.map((size, i) => tensor1d([size], i)),
        into,
      );
      return [tf.tensor1d(into)];
    }),
    BakeoffGatherImages: cases(
      record({ n: few, h: side, w: side, c: few, batch: side, moved: boolean() }),
      ({ n, h, w, c, batch, moved }) => {
        const device = uploadImages(
          Uint8Array.from({ length: n * h * w * c }, (_, i) => (i * 97) % 256),
          [n, h, w, c],
        );
        const values = Array.from({ length: c }, (_, i) => 1 / (i + 3));
        const gathered = gatherImages(
          device,
          Int32Array.from({ length: batch }, (_, i) => (i * 5) % n),
          { scale: values, shift: values.map((value) => -value) },
          moved ? pixelMoves(batch, h, w) : null,
        );
        device.dispose();
        return [gathered];
      },
    ),
    BakeoffAdamUpdate: cases(vectors, ({ sizes, steps, l2 }) =>
      trained(sizes, steps, (parameters, gradients, [m, v], step) =>
        adamUpdate(
          { parameters, gradients, m, v },
          { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2, weightDecay: l2, step },
        ),
      ),
    ),
    BakeoffSgdUpdate: cases(
      record({ momentum: constantFrom(0, 0.9), nesterov: boolean(), settings: vectors }),
      ({ momentum, nesterov, settings: { sizes, steps, l2 } }) =>
        trained(sizes, steps, (parameters, gradients, [velocity], step) =>
          sgdUpdate(
            { parameters, gradients, velocity: momentum === 0 ? null : velocity },
            { learningRate: 1e-2, momentum, nesterov: nesterov && momentum > 0, l2, step },
          ),
        ),
    ),
  };
}
