import { decodeSafetensors, encodeSafetensors, type ModelConfig, Random, sha256, UserError } from '@bakeoff/core';
import {
  add,
  batchNorm,
  conv2d,
  matMul,
  maxPool,
  memory,
  profile,
  relu,
  reshape,
  slice,
  tanh,
  tensor,
  type Tensor,
  type Tensor2D,
  tensor4d,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { input, models } from '../testing/models.ts';
import { describeModel } from '../cost/describe-model.ts';
import { loadEngine } from '@bakeoff/engine';
import { createNetwork, type Network } from './network.ts';

const regularized: ModelConfig = { type: 'cifarnet' };

function randomImages(count: number, seed = 5): Tensor4D {
  const random = new Random(seed);
  return tensor4d(
    Float32Array.from({ length: count * 3072 }, () => random.normal()),
    [count, 32, 32, 3],
  );
}

function initialized(model: ModelConfig): Network {
  const network = createNetwork(model, input);
  network.initialize(new Random(1));
  return network;
}

function gradientsOf(network: Network, images: Tensor4D): Map<string, Float32Array> {
  const logits = network.forward(images, { seed: 1, step: 1 });
  const gradients = network.backward(logits);
  const values = new Map([...gradients].map(([name, gradient]) => [name, Float32Array.from(gradient.dataSync())]));
  for (const tensor of [logits, ...gradients.values()]) tensor.dispose();
  return values;
}

/** CIFARnet in evaluation mode, with TensorFlow.js's own operations. */
function predictStock(state: ReturnType<Network['state']>, images: Tensor4D): Tensor {
  const weight = (name: string): Tensor => {
    const { data, shape } = state[name]!;
    return tensor(data as Float32Array, [...shape]);
  };
  const norm = <T extends Tensor>(x: T, name: string): T => {
    const [mean, variance, offset, scale] = ['running_mean', 'running_var', 'bias', 'weight'].map((kind) =>
      weight(`${name}.${kind}`),
    ) as [never, never, never, never];
    return batchNorm(x, mean, variance, offset, scale, 1e-5) as T;
  };
  const affine = (x: Tensor, name: string): Tensor => add(matMul(x, weight(`${name}.weight`)), weight(`${name}.bias`));
  let x = images;
  for (const number of [1, 2, 3, 4]) {
    const convolved = add<Tensor4D>(
      conv2d(x, weight(`conv${number}.weight`) as Tensor4D, 1, 'same'),
      weight(`conv${number}.bias`),
    );
    const normalized = norm(relu(convolved), `bn${number}`);
    x = number < 4 ? maxPool(normalized, 2, 2, 'valid') : normalized;
  }
  const hidden = norm(relu(affine(reshape(x, [x.shape[0], -1]), 'fc1')), 'bn5');
  return affine(tanh(affine(hidden, 'fc2')), 'fc3');
}

describe('a network on the wasm engine', () => {
  beforeAll(async () => {
    await loadEngine('wasm');
  });

  it("has PyTorch's names, and a gradient for every parameter", () => {
    const network = initialized(models.resnet20);
    expect(network.parameters.slice(0, 4).map(({ name }) => name)).toEqual([
      'conv.weight',
      'conv.bias',
      'bn.weight',
      'bn.bias',
    ]);
    expect(network.parameters.map(({ name }) => name)).toContain('blocks.8.bn2.weight');
    expect(network.buffers.slice(0, 2).map(({ name }) => name)).toEqual(['bn.running_mean', 'bn.running_var']);
    expect([...gradientsOf(network, randomImages(2)).keys()].sort()).toEqual(
      network.parameters.map(({ name }) => name).sort(),
    );
    network.dispose();
  });

  it.each([
    ['CIFARnet with dropout', regularized],
    ['ResNet20 with dropout', { ...models.resnet20, dropout2d: 0.1 }],
    ['ResNet18', { type: 'resnet18' }],
    [
      'ResNet with shortcut B and shrinking channels',
      { type: 'resnet', blocks: [1, 1, 1], channels: [16, 32, 8], shortcut: 'B' },
    ],
  ] as readonly (readonly [string, ModelConfig])[])(
    'leaks no tensor over steps of %s and frees all when disposed',
    (_name, model) => {
      const before = memory().numTensors;
      const network = createNetwork(model, input);
      const images = randomImages(2);
      gradientsOf(network, images);
      network.predict(images).dispose();
      const { numTensors, numBytes } = memory();
      for (let step = 0; step < 3; step++) {
        gradientsOf(network, images);
        network.predict(images).dispose();
      }
      expect(memory()).toMatchObject({ numTensors, numBytes });
      network.forward(images, { seed: 1, step: 1 }).dispose();
      network.dispose();
      images.dispose();
      expect(memory().numTensors).toBe(before);
    },
  );

  it.each([
    ['CIFARnet', regularized],
    ['ResNet20', models.resnet20],
    ['ResNet20 with dropout', { ...models.resnet20, dropout2d: 0.2 }],
    ['ResNet18', { type: 'resnet18' }],
  ] as readonly (readonly [string, ModelConfig])[])(
    'keeps between forward and backward the activations that the description of %s lists',
    (_name, model) => {
      const network = createNetwork(model, input);
      const before = memory().numBytes;
      const images = randomImages(2);
      const logits = network.forward(images, { seed: 1, step: 1 });
      images.dispose();
      // Five per channel, where there are two running statistics.
      const statistics = network.buffers.reduce((sum, { variable }) => sum + (variable.size / 2) * 5 * 4, 0);
      const kept = memory().numBytes - before - logits.size * 4 - statistics;
      expect(kept).toBe(2 * describeModel(model, input).cost.activationBytes);
      network.dispose();
    },
  );

  it("survives a caller's tidy between forward and backward", () => {
    const network = initialized(models.resnet20);
    const expected = gradientsOf(network, randomImages(2)).get('conv.weight');
    const logits = tidy(() => network.forward(randomImages(2), { seed: 1, step: 1 }));
    expect(network.backward(logits).get('conv.weight')?.dataSync()).toEqual(expected);
    network.dispose();
  });

  it('gives the same dropout for the same step and another for the next', () => {
    const network = initialized(regularized);
    const images = randomImages(4);
    const run = (step: number) => network.forward(images, { seed: 9, step }).dataSync();
    expect(run(3)).toEqual(run(3));
    expect(run(4)).not.toEqual(run(3));
    network.dispose();
  });

  it('is restored bit for bit from its saved state', () => {
    const network = initialized(models.resnet20);
    const images = randomImages(4);
    network.forward(images, { seed: 1, step: 1 }).dispose();
    const file = encodeSafetensors(network.state());
    const again = createNetwork(models.resnet20, input);
    again.loadState(decodeSafetensors(file).tensors, 'a model file');
    expect(sha256(encodeSafetensors(again.state()))).toBe(sha256(file));
    expect(again.predict(images).dataSync()).toEqual(network.predict(images).dataSync());
    network.dispose();
    again.dispose();
  });

  it('refuses states that do not fit and stays unchanged', () => {
    const network = initialized(models.resnet20);
    const state = network.state();
    const { 'fc.bias': bias, ...missing } = state;
    const refused = [
      missing,
      { ...state, extra: { shape: [1], data: new Float32Array(1) } },
      { ...state, 'fc.bias': { shape: [5], data: new Float32Array(5) } },
      { ...state, 'fc.bias': { shape: [10], data: new Int32Array(10) } },
    ];
    for (const each of refused) expect(() => network.loadState(each, 'runs/x/model.safetensors')).toThrow(UserError);
    expect(() => network.loadState(missing, 'runs/x/model.safetensors')).toThrow(
      /runs\/x\/model.safetensors does not fit the model[^]*no fc.bias/,
    );
    expect(bias?.data).toEqual(network.state()['fc.bias']?.data);
    network.dispose();
  });

  it("initializes each parameter from its own stream with PyTorch's spread", () => {
    const network = initialized({ type: 'resnet18' });
    const deviation = (name: string) => {
      const values = network.state()[name]?.data as Float32Array;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    };
    expect(deviation('layer2.0.conv1.weight')).toBeCloseTo(Math.sqrt(2 / (128 * 9)), 3);
    expect(deviation('fc.weight')).toBeCloseTo(1 / Math.sqrt(512) / Math.sqrt(3), 4);
    const deeper = initialized({ ...models.resnet20, blocks: [4, 3, 3] });
    const resnet20 = initialized(models.resnet20);
    expect(deeper.state()['conv.weight']).toEqual(resnet20.state()['conv.weight']);
    for (const each of [network, deeper, resnet20]) each.dispose();
  });

  it.each(['positive', 'both'])('predicts as stock operations do, with batch norm scales of %s signs', (signs) => {
    const network = initialized(regularized),
      images = randomImages(4),
      random = new Random(9);
    const state = Object.fromEntries(
      Object.entries(network.state()).map(([name, { shape, data }]) => {
        const draw = (value: number): number => {
          if (/^bn.*(weight|var)$/.test(name)) return 0.5 + random.uniform();
          return /^bn|bias$/.test(name) ? random.normal() : value;
        };
        const values = Float32Array.from(data as Float32Array, draw);
        if (signs === 'both' && /^bn.*weight$/.test(name)) values[0] = -values[0]!;
        return [name, { shape, data: values }];
      }),
    );
    network.loadState(state, 'drawn');
    const [predicted, expected] = [network.predict(images), tidy(() => predictStock(state, images))];
    const [actual, wanted] = [predicted.dataSync(), expected.dataSync()];
    const size = Math.hypot(...wanted);
    expect(Math.hypot(...wanted.map((value, i) => value - actual[i]!)) / size).toBeLessThan(1e-5);
    for (const each of [network, images, predicted, expected]) each.dispose();
  });

  it('predicts the same for an image alone as in a batch', () => {
    const network = initialized(regularized);
    const images = randomImages(3);
    network.forward(images, { seed: 1, step: 1 }).dispose();
    const together = network.predict(images).arraySync();
    const alone = network.predict(slice(images, [1, 0, 0, 0], [1, 32, 32, 3])).arraySync()[0]!;
    alone.forEach((logit, k) => expect(logit).toBeCloseTo(together[1]![k]!, 5));
    network.dispose();
  });

  it('predicts the same bits in groups as at once, with less memory', async () => {
    const network = initialized({ type: 'resnet', blocks: [1, 1, 1], channels: [16, 32, 64] });
    const images = randomImages(70);
    const predict = async (inGroups: boolean) => {
      const predictor = network.freeze({ inGroups });
      const { numTensors, numBytes } = memory();
      const { peakBytes, result } = await profile(() => predictor.predict(images));
      expect(memory().numTensors).toBe(numTensors + 1);
      const logits = (result as Tensor2D).dataSync();
      for (const each of [result as Tensor2D, predictor]) each.dispose();
      return { logits, peakBytes: peakBytes - numBytes };
    };
    const [grouped, whole] = [await predict(true), await predict(false)];
    expect(grouped.logits).toEqual(whole.logits);
    expect(grouped.peakBytes).toBeLessThan(0.6 * whole.peakBytes);
    network.dispose();
    images.dispose();
  });
});
