// usage: node --import tsx recorded-steps.mts '{"model", "side", "batch", "rounds"}' or '{…, "many"}'
// Prints milliseconds of processor time per step of each way, or what many recorded steps leave behind.
import { type DatasetIndex, type ModelConfig, type OptimizerConfig, Random } from '@bakeoff/core';
import { type Engine, loadEngine } from '@bakeoff/engine';
import { createNetwork } from '@bakeoff/model';
import { backend, memory } from '@tensorflow/tfjs-core';
import { createTrainingStep } from '../../../packages/trainer/src/create-training-step.ts';
import { createOptimizer } from '../../../packages/trainer/src/optimizers/registry.ts';

const IMAGES = 256;
/** Enough for the first steps to be recorded, compiled and allocated for. */
const WARM_UP = 5;
const MEASURED_MS = 400;
const optimizer: OptimizerConfig = {
  type: 'adam',
  learningRate: 2e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  l2: 5e-4,
  decayBiasAndNorm: true,
};
const { model, side, batch, rounds, many } = JSON.parse(process.argv[2] ?? '{}') as {
  model: ModelConfig;
  side: number;
  batch: number;
  rounds?: number;
  many?: number;
};

/** A training of its own; the call does one step. Scores are read as often as a training does. */
function open(engine: Engine): () => Promise<void> {
  const random = new Random(1);
  const network = createNetwork(model, { imageShape: [side, side, 3], classes: 10 });
  network.initialize(random.split('init'));
  const recipe = { model, optimizer, batchSize: batch, replicas: 1, augmentation: null, maxGradientNorm: null };
  const training = createTrainingStep({
    run: { runId: 'x', seed: 1, recipe },
    index: { imageShape: [side, side, 3] } as unknown as DatasetIndex,
    engine,
    labels: Uint8Array.from({ length: IMAGES }, (_, i) => i % 10),
    loss: { labelSmoothing: 0, classWeights: null },
    pixels: { scale: [1 / 64, 1 / 64, 1 / 64], shift: [-2, -2, -2] },
    network,
    optimizer: createOptimizer(recipe, network.parameters),
    stepped: () => undefined,
  });
  training.hold(Uint8Array.from({ length: IMAGES * side * side * 3 }, () => random.integer(256)));
  let step = 0;
  return async () => {
    const indices = Int32Array.from({ length: batch }, () => random.integer(IMAGES));
    await training.run({ indices, moves: null, mixing: null, learningRate: 2e-4, step: ++step });
    if (training.unread >= engine.metricsInterval) training.read();
  };
}

async function repeat(step: () => Promise<void>, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await step();
}

async function leftBehind(steps: number) {
  const step = open(await loadEngine('tensorflow'));
  const { binding } = backend() as unknown as { binding: { getNumOfTensors(): number } };
  const measure = () => ({
    rss: process.memoryUsage().rss,
    tensors: memory().numTensors,
    handles: binding.getNumOfTensors(),
  });
  // Whole intervals, so that as many scores are unread before as after.
  await repeat(step, 2000);
  const before = measure();
  await repeat(step, steps);
  const after = measure();
  return {
    growth: (after.rss - before.rss) / steps,
    tensors: after.tensors - before.tensors,
    handles: after.handles - before.handles,
  };
}

async function processorTimes(turns: number) {
  const ways = { eager: { eager: true }, recorded: {}, xla: { xla: true } };
  const steps = new Map<string, () => Promise<void>>();
  for (const [way, options] of Object.entries(ways)) steps.set(way, open(await loadEngine('tensorflow', options)));
  const times = new Map([...steps.keys()].map((way) => [way, [] as number[]]));
  for (const step of steps.values()) await repeat(step, WARM_UP);
  for (let turn = 0; turn < turns; turn++)
    for (const [way, step] of steps) {
      const start = process.cpuUsage();
      const spentMs = () => {
        const { user, system } = process.cpuUsage(start);
        return (user + system) / 1000;
      };
      let count = 0;
      while (count < 20 || spentMs() < MEASURED_MS) {
        await repeat(step, 20);
        count += 20;
      }
      times.get(way)!.push(spentMs() / count);
    }
  return Object.fromEntries([...times].map(([way, list]) => [way, list.toSorted((a, b) => a - b)[list.length >> 1]!]));
}

console.log(JSON.stringify(many === undefined ? await processorTimes(rounds ?? 1) : await leftBehind(many)));
