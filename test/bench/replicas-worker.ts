// A training's steps on a number of replicas: measures ResNet20 at one batch size, on request.
// usage: node --import tsx replicas-worker.ts '{"replicas", "batchSize"}'
// Reads JSON lines {seconds} and answers each with one.
import { createInterface } from 'node:readline';
import { type DatasetIndex, type PlannedRun, Random } from '@bakeoff/core';
import { createNetwork, pixelTransform } from '@bakeoff/model';
import { loadEngine } from '@bakeoff/model/engine';
import { createTrainingStep } from '../../packages/trainer/src/create-training-step.ts';
import { createOptimizer } from '../../packages/trainer/src/optimizer.ts';

const IMAGES = 2048;
const WARM_UP_STEPS = 20;

const { replicas, batchSize } = JSON.parse(process.argv[2] as string) as { replicas: number; batchSize: number };
const recipe = {
  replicas, batchSize,
  model: { type: 'resnet', blocks: [3, 3, 3], channels: [16, 32, 64], firstChannels: 16, shortcut: 'A', batchNorm: true, dropout2d: 0.1 },
  optimizer: { type: 'adam', learningRate: 1e-3, l2: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  normalization: { mean: [0.5, 0.5, 0.5], standardDeviation: [0.5, 0.5, 0.5] },
} as unknown as PlannedRun['recipe'];
const index = { imageShape: [32, 32, 3], classes: Array.from({ length: 10 }, (_, label) => String(label)) } as unknown as DatasetIndex;
const random = new Random(1);
const engine = await loadEngine('wasm');
const network = createNetwork(recipe.model, { imageShape: index.imageShape, classes: 10 });
network.initialize(random.split('init'));
const optimizer = createOptimizer(recipe.optimizer, network.parameters);
const steps = createTrainingStep({
  run: { runId: 'bench', seed: 1, recipe } as unknown as PlannedRun,
  labels: Uint8Array.from({ length: IMAGES }, () => random.integer(10)),
  pixels: pixelTransform(recipe.normalization, index),
  index, engine, network, optimizer,
});
steps.hold(Uint8Array.from({ length: IMAGES * 3072 }, () => random.integer(256)));
let done = 0;

async function step(): Promise<void> {
  done++;
  await steps.run({ indices: Int32Array.from({ length: batchSize }, () => random.integer(IMAGES)), learningRate: 1e-3, step: done });
  // As a training does at this engine's interval.
  if (steps.unread >= engine.metricsInterval) steps.read();
}

for await (const line of createInterface({ input: process.stdin })) {
  const { seconds } = JSON.parse(line) as { seconds: number };
  while (done < WARM_UP_STEPS) await step();
  const first = done, startMs = performance.now();
  while (done - first < 2 || performance.now() - startMs < seconds * 1000) await step();
  const imagesPerSecond = ((done - first) * batchSize * 1000) / (performance.now() - startMs);
  process.stdout.write(`${JSON.stringify({ imagesPerSecond, tensorsMib: steps.memoryBytes() / 2 ** 20 })}\n`);
}
