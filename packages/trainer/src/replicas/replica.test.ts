import { movesSize, type Recipe, Random } from '@bakeoff/core';
import * as kernels from '@bakeoff/kernels';
import { pixelMoves } from '@bakeoff/kernels/testing';
import { createNetwork } from '@bakeoff/model';
import { loadEngine } from '@bakeoff/engine';
import { testedNative } from '@bakeoff/engine/testing';
import { memory } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { backpropagate } from '../backpropagate.ts';
import { gatherBatch, type Mixing } from '../mixup.ts';
import { smoothNetwork } from '../testing/smooth-network.ts';
import { createOptimizer } from '../optimizers/registry.ts';
import { type LossSettings, TrainingLoss } from '../training-loss.ts';
import { Replica } from './replica.ts';
import { shareBounds } from './share-bounds.ts';
import { createSharedTraining, type SharedTraining } from './shared-training.ts';

const IMAGE_SHAPE = [8, 8, 3] as const;
const IMAGE_BYTES = 8 * 8 * 3;
const IMAGES = 16;
const PIXELS = { scale: [1 / 64, 1 / 64, 1 / 64], shift: [-2, -2, -2] };
const SGD: Recipe['optimizer'] = {
  type: 'sgd',
  learningRate: 0.1,
  momentum: 0.9,
  nesterov: false,
  l2: 0,
  decayBiasAndNorm: true,
};
const PLAIN = { labelSmoothing: 0, classWeights: null };
const MODEL = {
  type: 'resnet',
  blocks: [1],
  channels: [8],
  firstChannels: 8,
  shortcut: 'A',
  batchNorm: true,
  dropout2d: 0,
} as const;

/** Replicas side by side in this thread. They meet because they are called in turn. */
function createReplicas(
  count: number,
  model: Recipe['model'],
  { moves = null, loss = PLAIN }: { readonly moves?: Int32Array | null; readonly loss?: LossSettings } = {},
) {
  const shared = createSharedTraining({
    replicas: count,
    images: IMAGES,
    imageBytes: IMAGE_BYTES,
    batch: IMAGES,
    moves: moves === null ? 0 : movesSize(IMAGE_SHAPE),
    parameters: countParameters(model),
  });
  const random = new Random(3);
  shared.images.forEach((_, i) => (shared.images[i] = random.integer(256)));
  shared.labels.forEach((_, i) => (shared.labels[i] = i % 4));
  const networks = Array.from({ length: count }, () => createModel(model));
  /** The gradients that every replica's optimizer received in the last step. */
  const means: number[][] = [];
  const optimizers = networks.map(({ parameters }, rank) => {
    const optimizer = createOptimizer({ optimizer: SGD, maxGradientNorm: null }, parameters);
    const update = optimizer.update.bind(optimizer);
    vi.spyOn(optimizer, 'update').mockImplementation((gradients, ...rest) => {
      means[rank] = parameters.flatMap(({ name }) => [...(gradients.get(name)?.dataSync() ?? [])]);
      update(gradients, ...rest);
    });
    return optimizer;
  });
  const replicas = networks.map(
    (network, rank) =>
      new Replica(shared, {
        rank,
        seed: 7,
        imageShape: IMAGE_SHAPE,
        pixels: PIXELS,
        loss,
        network,
        optimizer: optimizers[rank] as never,
        memoryBytes: () => 0,
      }),
  );
  const step = (indices: readonly number[], number = 1, mixing: Mixing | null = null): void => {
    shared.batch.set(indices);
    if (moves !== null) shared.moves.set(moves);
    shared.bounds.set(shareBounds(indices.length, count));
    if (mixing !== null) shared.partners.set(mixing.partners);
    shared.step.set([number, 0.1, mixing?.share ?? NaN]);
    for (const phase of ['backpropagate', 'update'] as const) for (const replica of replicas) replica[phase]();
  };
  const dispose = (): void => [...networks, ...optimizers].forEach((each) => each.dispose());
  return { shared, networks, replicas, means, step, dispose };
}

function createModel(model: Recipe['model']) {
  const network = createNetwork(model, { imageShape: IMAGE_SHAPE, classes: 4 });
  network.initialize(new Random(5));
  return network;
}

function countParameters(model: Recipe['model']): number {
  const network = createModel(model);
  const count = network.parameters.reduce((sum, { variable: { size } }) => sum + size, 0);
  network.dispose();
  return count;
}

/** The gradient of the mean loss of some images on a network of its own, which is passed to `after`. */
function gradientOf(
  shared: SharedTraining,
  model: Recipe['model'],
  indices: readonly number[],
  after: (network: ReturnType<typeof createModel>) => void = () => undefined,
  {
    moves = null,
    mixing = null,
    loss = PLAIN,
  }: { readonly moves?: Int32Array | null; readonly mixing?: Mixing | null; readonly loss?: LossSettings } = {},
): number[] {
  const network = createModel(model);
  const images = kernels.uploadImages(shared.images, [IMAGES, ...IMAGE_SHAPE]);
  const batch = { indices: Int32Array.from(indices), mixing };
  const input = gatherBatch({ batch: (places) => kernels.gatherImages(images, places, PIXELS, moves) }, batch);
  const { gradients, scores } = backpropagate(
    network,
    { input, images: batch },
    new TrainingLoss(shared.labels, loss),
    { seed: 7, step: 1 },
  );
  const values = network.parameters.flatMap(({ name }) => [...(gradients.get(name)?.dataSync() ?? [])]);
  after(network);
  for (const each of [images, network, scores.losses, scores.correct, ...gradients.values()]) each.dispose();
  return values;
}

const norm = (values: readonly number[]): number => Math.hypot(...values);
const distance = (a: ArrayLike<number>, b: readonly number[]): number =>
  norm(b.map((value, i) => value - a[i]!)) / norm(b);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 5) % IMAGES);

describe('replicas', () => {
  let tensors = 0;
  beforeAll(async () => {
    await loadEngine('wasm', { native: testedNative });
    tensors = memory().numTensors;
  });
  afterEach(() => expect(memory().numTensors).toBe(tensors));

  it.each([
    [2, 16, [8, 8]],
    [2, 5, [3, 2]],
    [3, 7, [3, 2, 2]],
    [4, 6, [2, 2, 2]],
    [4, 3, [3]],
    [2, 1, [1]],
  ])('%i of them average over a batch of %i, weighting each share by its images', (count, images, shares) => {
    const { shared, means, step, dispose } = createReplicas(count, MODEL);
    const indices = upTo(images);
    step(indices);
    let at = 0;
    const parts = shares.map((share) =>
      gradientOf(shared, MODEL, indices.slice(at, (at += share))).map((value) => (value * share) / images),
    );
    const expected = parts[0]!.map((_, i) => parts.reduce((sum, part) => sum + part[i]!, 0));
    for (const mean of means) expect(distance(mean, expected)).toBeLessThan(2e-6);
    expect(means).toHaveLength(count);
    dispose();
  });

  it('move the pixels of their own shares', () => {
    const each = movesSize(IMAGE_SHAPE);
    const moves = pixelMoves(5, 8, 8);
    const { shared, means, step, dispose } = createReplicas(2, MODEL, { moves });
    step(upTo(5));
    const [first, second] = [
      gradientOf(shared, MODEL, upTo(3), undefined, { moves: moves.slice(0, 3 * each) }),
      gradientOf(shared, MODEL, upTo(5).slice(3), undefined, { moves: moves.slice(3 * each) }),
    ];
    const expected = first.map((value, i) => (3 * value + 2 * second[i]!) / 5);
    for (const mean of means) expect(distance(mean, expected)).toBeLessThan(2e-6);
    dispose();
  });

  it.each([
    [2, 16],
    [2, 5],
    [3, 7],
  ])('%i of them mix a batch of %i, and weight its classes, as one network does', (count, images) => {
    const model = smoothNetwork({ batchNorm: false });
    const loss = { labelSmoothing: 0.1, classWeights: [1, 5, 0.2, 2] };
    const { shared, means, step, dispose } = createReplicas(count, model, { loss });
    const indices = upTo(images);
    const mixing = { share: 0.7, partners: Int32Array.from(indices.toReversed()) };
    step(indices, 1, mixing);
    const expected = gradientOf(shared, model, indices, () => undefined, { mixing, loss });
    for (const mean of means) expect(distance(mean, expected)).toBeLessThan(2e-6);
    dispose();
  });

  it('keep equal parameters and optimizer state, whatever their shares', () => {
    const { shared, networks, replicas, step, dispose } = createReplicas(3, { ...MODEL, dropout2d: 0.3 });
    for (const [i, images] of [12, 7, 16, 3].entries()) step(upTo(images), i + 1);
    for (const replica of replicas) replica.writeDigest();
    expect(shared.digests[1]).toEqual(shared.digests[0]);
    expect(shared.digests[2]).toEqual(shared.digests[0]);
    const fresh = createModel({ ...MODEL, dropout2d: 0.3 });
    expect(networks[0]?.state()).not.toEqual(fresh.state());
    fresh.dispose();
    dispose();
  });

  it('reveal by their digests that one has diverged', () => {
    const { shared, networks, replicas, dispose } = createReplicas(2, MODEL);
    networks[1]?.initialize(new Random(6));
    for (const replica of replicas) replica.writeDigest();
    expect(shared.digests[1]).not.toEqual(shared.digests[0]);
    dispose();
  });

  it('normalize their own shares: the running statistics of replica 0 cover only its images', () => {
    const { shared, networks, step, dispose } = createReplicas(2, MODEL);
    step(upTo(16));
    let expected: number[] = [];
    gradientOf(
      shared,
      MODEL,
      upTo(8),
      ({ buffers }) => (expected = buffers.flatMap(({ variable }) => [...variable.dataSync()])),
    );
    expect(networks[0]?.buffers.flatMap(({ variable }) => [...variable.dataSync()])).toEqual(expected);
    dispose();
  });

  it('use different dropout masks from each other and in every step; equal shares without dropout score the same', () => {
    const sameImages = [...upTo(8), ...upTo(8)];
    const losses = (dropout2d: number, number: number): [number, number] => {
      const { shared, step, dispose } = createReplicas(2, { ...MODEL, dropout2d });
      step(sameImages, number);
      dispose();
      return shared.scores.map(([loss]) => loss) as [number, number];
    };
    const [same, sameToo] = losses(0, 1);
    expect(same).toBe(sameToo);
    const drawn = [...losses(0.5, 1), ...losses(0.5, 2)];
    expect(new Set(drawn).size).toBe(4);
    expect([...losses(0.5, 1), ...losses(0.5, 2)]).toEqual(drawn);
  });
});
