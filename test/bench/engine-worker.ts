// Bakeoff's side of the bench: measures one network at one batch size on one engine, on request.
// usage: node --import tsx engine-worker.ts '{"engine", "model", "batch", "replicas", "eager", "xla"}'
// Reads JSON lines {mode, seconds} and answers each with one; {"about": true} returns the engine and the model's size.
import { createInterface } from 'node:readline';
import { type ModelConfig, type OptimizerConfig, Random } from '@bakeoff/core';
import * as kernels from '@bakeoff/kernels';
import { createNetwork, type Predictor } from '@bakeoff/model';
import { describeModel } from '@bakeoff/model/architectures';
import { type EngineName, loadEngine } from '@bakeoff/engine';
import { prepareXla } from '../../packages/cli/src/machine/xla-setting.ts';
import { createTrainingStep } from '../../packages/trainer/src/create-training-step.ts';
import { createOptimizer } from '../../packages/trainer/src/optimizers/registry.ts';

interface Request {
  readonly about?: boolean;
  readonly mode: 'train' | 'infer';
  /** Measured time; only whole steps are counted. */
  readonly seconds: number;
}

const IMAGES = 2048;
const WARM_UP_MS = 1000;
const INPUT = { imageShape: [32, 32, 3], classes: 10 } as const;
const PIXELS = { scale: [2 / 255, 2 / 255, 2 / 255], shift: [-1, -1, -1] };

const {
  engine: engineName,
  model,
  batch,
  replicas,
  ...stepOptions
} = JSON.parse(process.argv[2]!) as {
  engine: EngineName;
  model: ModelConfig;
  batch: number;
  replicas: number;
  /** How an engine that can record steps runs them; default: recorded, and not compiled. */
  eager?: boolean;
  xla?: boolean;
};
if (stepOptions.xla === true) prepareXla(process.env);
const engine = await loadEngine(engineName, stepOptions);
const random = new Random(1);
const network = createNetwork(model, INPUT);
network.initialize(random.split('init'));
const optimizer: OptimizerConfig = {
  type: 'adam',
  learningRate: 2e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  l2: 0,
  decayBiasAndNorm: true,
};
const recipe = { model, batchSize: batch, replicas, augmentation: null, maxGradientNorm: null, optimizer };
const pixels = Uint8Array.from({ length: IMAGES * 3072 }, () => random.integer(256));
const training = createTrainingStep({
  // The parts of a run and of a dataset that a step reads.
  run: { runId: 'bench', seed: 1, recipe },
  index: {
    imageShape: INPUT.imageShape,
    classes: Array.from({ length: INPUT.classes }, String),
  },
  labels: Uint8Array.from({ length: IMAGES }, () => random.integer(10)),
  optimizer: createOptimizer(recipe, network.parameters),
  loss: { labelSmoothing: 0, classWeights: null },
  stepped: () => undefined,
  pixels: PIXELS,
  engine,
  network,
});
training.hold(pixels);
/** Modes that V8 has already compiled. */
const warm = new Set<string>();
let steps = 0;
let frozen: Predictor | undefined;
/** The images for inference; a training holds its own. */
let images: ReturnType<typeof kernels.uploadImages> | undefined;

const drawn = () => Int32Array.from({ length: batch }, () => random.integer(IMAGES));

async function train(): Promise<void> {
  frozen?.dispose();
  frozen = undefined;
  steps++;
  await training.run({
    indices: drawn(),
    moves: null,
    mixing: null,
    learningRate: optimizer.learningRate,
    step: steps,
  });
  // As often as a training reads them.
  if (training.unread >= engine.metricsInterval) training.read();
}

function infer(): Promise<void> {
  training.publish();
  frozen ??= network.freeze({ inGroups: engine.predictsInGroups });
  images ??= kernels.uploadImages(pixels, [IMAGES, 32, 32, 3]);
  const input = kernels.gatherImages(images, drawn(), PIXELS);
  const logits = frozen.predict(input);
  logits.dataSync();
  for (const tensor of [input, logits]) tensor.dispose();
  return Promise.resolve();
}

async function measure({ mode, seconds }: Request): Promise<Record<string, number>> {
  const step = mode === 'train' ? train : infer;
  const beforeMs = performance.now();
  while (!warm.has(mode)) {
    await step();
    if (performance.now() - beforeMs >= WARM_UP_MS) warm.add(mode);
  }
  const startMs = performance.now(),
    startCpu = process.cpuUsage();
  let count = 0;
  while (count < 2 || performance.now() - startMs < seconds * 1000) {
    await step();
    count++;
  }
  // Waits for work still queued on a device.
  network.parameters[0]?.variable.dataSync();
  const { user, system } = process.cpuUsage(startCpu);
  return {
    images: count * batch,
    wallSeconds: (performance.now() - startMs) / 1000,
    cpuSeconds: (user + system) / 1e6,
    maxRssMib: process.resourceUsage().maxRSS / 1024,
    heapMib: training.memoryBytes() / 2 ** 20,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request;
  const answer =
    request.about === true
      ? { engine: engine.name, build: engine.build, versions: engine.versions, macs: describeModel(model, INPUT).macs }
      : await measure(request);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
