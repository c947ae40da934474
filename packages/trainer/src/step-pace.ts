import { type ModelConfig, Random, type Recipe } from '@bakeoff/core';
import type { Engine } from '@bakeoff/engine';
import { createNetwork, EngineImages, type Network, placesInOrder } from '@bakeoff/model';
import { createOptimizer } from './optimizers/registry.ts';
import { createTrainingStep } from './create-training-step.ts';
import type { TrainingStep } from './training-step.ts';

/** What one image takes, in seconds of the given clock. */
export interface StepPace {
  /** Of a training step with Adam, divided by its batch. */
  readonly trainingSeconds: number;
  /** Of a prediction. */
  readonly predictionSeconds: number;
}

export interface PaceSetting {
  readonly model: ModelConfig;
  readonly batchSize: number;
  readonly engine: Engine;
  /** Seconds of processor or wall time since any fixed moment. */
  readonly elapsedSeconds: () => number;
}

const INPUT = { imageShape: [32, 32, 3], classes: 10 } as const;
const IMAGES = 1024;
const PREDICTED_AT_ONCE = 32;
const ADAM: Recipe['optimizer'] = {
  type: 'adam',
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  l2: 0,
  decayBiasAndNorm: true,
};
const PIXELS = { scale: [2 / 255, 2 / 255, 2 / 255], shift: [-1, -1, -1] };
/** The first calls compile code and allocate. */
const WARM_UPS = 1;
/** Measured steps go on until they took this long, but at least two are measured. */
const MEASURED_SECONDS = 0.3;

/** Measures training steps and predictions of a network on made-up images of 32×32 in ten classes. */
export async function measureStepPace(setting: PaceSetting): Promise<StepPace> {
  const { model, batchSize, engine } = setting;
  const random = new Random(1);
  const pixels = Uint8Array.from({ length: IMAGES * 32 * 32 * 3 }, () => random.integer(256));
  const labels = Uint8Array.from({ length: IMAGES }, (_, i) => i % INPUT.classes);
  const network = createNetwork(model, INPUT);
  network.initialize(random.split('init'));
  const recipe = { model, batchSize, replicas: 1, augmentation: null, maxGradientNorm: null, optimizer: ADAM };
  const optimizer = createOptimizer(recipe, network.parameters);
  const steps = createTrainingStep({
    run: { runId: 'pace', seed: 1, recipe },
    index: { imageShape: INPUT.imageShape, classes: Array.from({ length: INPUT.classes }, String) },
    labels,
    loss: { labelSmoothing: 0, classWeights: null },
    pixels: PIXELS,
    engine,
    stepped: () => undefined,
    network,
    optimizer,
  });
  const images = new EngineImages(pixels, [IMAGES, ...INPUT.imageShape], PIXELS);
  try {
    steps.hold(pixels);
    return {
      trainingSeconds: (await measure(trainer(steps, batchSize), setting)) / batchSize,
      predictionSeconds: (await measure(predictor(network, images, engine), setting)) / PREDICTED_AT_ONCE,
    };
  } finally {
    await steps.dispose();
    for (const resource of [images, optimizer, network]) resource.dispose();
  }
}

/** Seconds of a call that does and awaits some work, after calls that are not measured. */
async function measure(call: () => Promise<void>, { elapsedSeconds }: PaceSetting): Promise<number> {
  for (let i = 0; i < WARM_UPS; i++) await call();
  const start = elapsedSeconds();
  let calls = 0;
  while (calls < 2 || elapsedSeconds() - start < MEASURED_SECONDS) {
    await call();
    calls++;
  }
  return (elapsedSeconds() - start) / calls;
}

function trainer(steps: TrainingStep, batchSize: number): () => Promise<void> {
  let step = 0;
  return async () => {
    const from = (step * batchSize) % IMAGES;
    const indices = Int32Array.from({ length: batchSize }, (_, i) => (from + i) % IMAGES);
    step++;
    await steps.run({ indices, moves: null, mixing: null, learningRate: 1e-3, step });
    // Waits for steps that are queued on a device.
    steps.read();
  };
}

function predictor(network: Network, images: EngineImages, { predictsInGroups }: Engine): () => Promise<void> {
  const indices = placesInOrder(0, PREDICTED_AT_ONCE, IMAGES);
  return () => {
    const frozen = network.freeze({ inGroups: predictsInGroups });
    const input = images.batch(indices);
    const logits = frozen.predict(input);
    logits.dataSync();
    for (const resource of [input, logits, frozen]) resource.dispose();
    return Promise.resolve();
  };
}
