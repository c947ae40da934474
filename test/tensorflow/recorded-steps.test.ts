import { type DatasetIndex, type ModelConfig, type OptimizerConfig, Random, type StageEvent } from '@bakeoff/core';
import { type Engine, loadEngine } from '@bakeoff/engine';
import { isInstalled } from '@bakeoff/engine/engines';
import { createNetwork } from '@bakeoff/model';
import { countCalls } from '@bakeoff/tensorflow-kernels/testing';
import { backend, memory } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createTrainingStep } from '../../packages/trainer/src/create-training-step.ts';
import { createOptimizer } from '../../packages/trainer/src/optimizers/registry.ts';

const ADAM = {
  type: 'adam',
  learningRate: 2e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  l2: 5e-4,
  decayBiasAndNorm: true,
} as const;
const SGD = {
  type: 'sgd',
  learningRate: 0.01,
  momentum: 0.9,
  nesterov: true,
  l2: 5e-4,
  decayBiasAndNorm: true,
} as const;
const optimizers: Readonly<Record<string, OptimizerConfig>> = {
  Adam: ADAM,
  AdamW: {
    type: 'adamw',
    learningRate: 2e-4,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.05,
    decayBiasAndNorm: true,
  },
  SGD: { ...SGD, momentum: 0, nesterov: false },
  'SGD with momentum': { ...SGD, nesterov: false },
  'SGD with Nesterov momentum': SGD,
  'SGD without decay of biases and norms': { ...SGD, decayBiasAndNorm: false },
};
const resnet = (blocks: number, dropout2d: number): ModelConfig => ({
  type: 'resnet',
  blocks: [blocks, blocks, blocks],
  channels: [16, 32, 64],
  dropout2d,
});
const networks: Readonly<Record<string, ModelConfig>> = {
  CIFARnet: { type: 'cifarnet', dropout2d: 0.2, dropout: 0.3 },
  ResNet20: resnet(3, 0),
  'ResNet20 with dropout': resnet(3, 0.1),
  ResNet110: resnet(18, 0),
};

const isOneThread = process.env['TF_NUM_INTRAOP_THREADS'] === '1';
const IMAGES = 64;
const STEPS = 20;

interface Training {
  readonly model: ModelConfig;
  readonly optimizer: OptimizerConfig;
  /** Pixels. */
  readonly side: number;
  readonly batchSize: number;
}

/** Steps of a training of its own, with the losses and the parameters that they leave. */
async function train(engine: Engine, { model, optimizer, side, batchSize }: Training, steps: number) {
  const random = new Random(3);
  const imageShape = [side, side, 3] as const;
  const network = createNetwork(model, { imageShape, classes: 10 });
  network.initialize(random.split('init'));
  const recipe = { model, optimizer, batchSize, replicas: 1, augmentation: null, maxGradientNorm: null };
  const made = createOptimizer(recipe, network.parameters);
  const training = createTrainingStep({
    run: { runId: 'recorded', seed: 1, recipe },
    index: { imageShape } as unknown as DatasetIndex,
    engine,
    labels: Uint8Array.from({ length: IMAGES }, (_, i) => i % 10),
    loss: { labelSmoothing: 0, classWeights: null },
    pixels: { scale: [1 / 64, 1 / 64, 1 / 64], shift: [-2, -2, -2] },
    network,
    optimizer: made,
    stepped: () => undefined,
  });
  training.hold(Uint8Array.from({ length: IMAGES * side * side * 3 }, () => random.integer(256)));
  const counted = countCalls();
  const calls: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const before = counted();
    const indices = Int32Array.from({ length: batchSize }, () => random.integer(IMAGES));
    await training.run({ indices, moves: null, mixing: null, learningRate: optimizer.learningRate / step, step });
    calls.push(counted() - before);
  }
  const losses = training.read().map(({ loss }) => loss);
  training.publish();
  const state = { ...network.state(), ...made.state() };
  await training.dispose();
  for (const resource of [network, made]) resource.dispose();
  return { calls, losses, state };
}

type Trained = Awaited<ReturnType<typeof train>>;

/** The largest difference of losses, relative to them, and of a tensor, relative to its largest element. */
function difference(actual: Trained, expected: Trained): number {
  const ofLosses = actual.losses.map((loss, i) => Math.abs(loss / expected.losses[i]! - 1));
  const ofTensors = Object.entries(expected.state).map(([name, { data }]) => {
    const values = [...(data as Float32Array)],
      others = actual.state[name]!.data;
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    return values.reduce((worst, value, i) => Math.max(worst, Math.abs(value - others[i]!)), 0) / largest;
  });
  return [...ofLosses, ...ofTensors].reduce((worst, each) => Math.max(worst, each), 0);
}

/** The other optimizers differ in the operations of one network's update. */
const MAIN_OPTIMIZERS = ['Adam', 'AdamW', 'SGD with momentum'];
const cases = Object.keys(networks).flatMap((network) =>
  (network === 'ResNet20' ? Object.keys(optimizers) : MAIN_OPTIMIZERS).map((optimizer) => ({ network, optimizer })),
);

describe.runIf(isInstalled('tensorflow'))('recorded steps', () => {
  it.each(cases)('of $network with $optimizer are one call each, and do what eager ones do', async (each) => {
    const size = each.network === 'ResNet110' ? { side: 16, batchSize: 2 } : { side: 32, batchSize: 4 };
    const training = { model: networks[each.network]!, optimizer: optimizers[each.optimizer]!, ...size };
    const engine = await loadEngine('tensorflow');
    const before = memory().numTensors;
    const recorded = await train(engine, training, STEPS);
    const eager = await train(await loadEngine('tensorflow', { eager: true }), training, STEPS);
    expect(recorded.calls.slice(2)).toEqual(Array.from({ length: STEPS - 2 }, () => 1));
    expect(eager.calls.at(-1)).toBeGreaterThan(100);
    // The same bits, except that several threads add in varying order.
    expect(difference(recorded, eager)).toBeLessThanOrEqual(isOneThread || each.network === 'ResNet20' ? 0 : 1e-5);
    expect(memory().numTensors).toBe(before);
  });
});

describe.runIf(isInstalled('tensorflow'))('the stock binding', () => {
  it('trains in eager steps, is said once, and has no XLA', async () => {
    await loadEngine('tensorflow');
    const current = backend() as unknown as { binding: object };
    const { binding } = current;
    current.binding = Object.create(binding, { addFunction: { value: undefined } }) as object;
    try {
      const warnings: string[] = [];
      const log = (event: StageEvent): void => void (event.type === 'warning' && warnings.push(event.text));
      const engine = await loadEngine('tensorflow', { log });
      const { calls } = await train(
        engine,
        { model: networks['CIFARnet']!, optimizer: ADAM, side: 32, batchSize: 4 },
        3,
      );
      expect(calls.at(-1)).toBe(113);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(/lacks addFunction.*slower.*docs\/gpu\.md/);
      await expect(loadEngine('tensorflow', { xla: true })).rejects.toThrow(/XLA is not available here.*addFunction/s);
    } finally {
      current.binding = binding;
    }
  });
});
