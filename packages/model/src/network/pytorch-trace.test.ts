import { adamUpdate, gatherImages, softmaxCrossEntropy, uploadImages } from '@bakeoff/kernels';
import { mean, tensor1d, variable, zeros } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { eagerSteps, type Engine, type EngineOptions, loadEngine } from '@bakeoff/engine';
import { isInstalled } from '@bakeoff/engine/engines';
import { installedPeerEngines, nativeBuilds } from '@bakeoff/engine/testing';
import { input, models } from '../testing/models.ts';
import { readBatches, readLogits, readPytorchWeights, readTrace, type Trace } from '../testing/pytorch.ts';
import { createNetwork } from './network.ts';

const BATCH = 32;
/** Long enough for fifty steps of ResNet20 on a busy machine. */
const TRAINING_TIMEOUT_MS = 300_000;
const PIXELS = { scale: [2 / 255, 2 / 255, 2 / 255], shift: [-1, -1, -1] };
const ADAM = { learningRate: 2e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2: 5e-4, weightDecay: 0 };

/** The images of step `step`: eight batches in turn. */
const batch = (step: number, size = BATCH) => Int32Array.from({ length: size }, (_, i) => (step % 8) * BATCH + i);

/** Trains as the trace did, in recorded steps if the engine has them. */
async function train(engine: Engine, name: keyof typeof models, steps: number): Promise<Trace> {
  const network = createNetwork(models[name], input);
  const initial = await readPytorchWeights(name);
  network.loadState(initial, name);
  const { images, labels } = await readBatches();
  const device = uploadImages(images, [256, 32, 32, 3]);
  const parameters = network.parameters.map(({ variable: parameter }) => parameter);
  const size = parameters.reduce((sum, parameter) => sum + parameter.size, 0);
  const [m, v] = [variable(zeros([size]), false), variable(zeros([size]), false)];
  const recorder = engine.createRecorder?.() ?? eagerSteps;
  const run = (step: number): number => {
    const [losses] = recorder.run('training', () => {
      const pixels = gatherImages(device, batch(step), PIXELS);
      const logits = network.forward(pixels, { seed: 1, step });
      const scored = softmaxCrossEntropy(
        logits,
        tensor1d(
          batch(step).map((i) => labels[i]!),
          'int32',
        ),
      );
      const gradients = network.backward(scored.dLogits);
      adamUpdate(
        { parameters, gradients: network.parameters.map((each) => gradients.get(each.name)!), m, v },
        { ...ADAM, step: step + 1 },
      );
      for (const tensor of [pixels, logits, scored.correct, scored.dLogits, ...gradients.values()]) tensor.dispose();
      return [scored.losses];
    });
    const [loss] = mean(losses!).dataSync();
    losses!.dispose();
    return loss!;
  };
  if (engine.createRecorder !== undefined) {
    // The first two steps are eager, and those of the trace are not to be.
    for (const step of [0, 1]) run(step);
    recorder.publish();
    network.loadState(initial, name);
    for (const slot of [m, v]) slot.assign(zeros([size]));
    // An operation puts values on the device, and an update those of the parameters where recorded steps have them.
    for (const buffer of network.buffers) mean(buffer.variable).dispose();
    const gradients = parameters.map(({ shape }) => zeros(shape));
    adamUpdate({ parameters, gradients, m, v }, { ...ADAM, learningRate: 0, l2: 0, step: 1 });
    for (const gradient of gradients) gradient.dispose();
  }
  const losses = Array.from({ length: steps }, (_, step) => run(step));
  recorder.publish();
  recorder.dispose();
  const evaluationLogitsOfFirstBatch = network.predict(gatherImages(device, batch(0), PIXELS)).arraySync();
  device.dispose();
  network.dispose();
  return { losses, evaluationLogitsOfFirstBatch };
}

interface Tolerance {
  readonly firstTen: number;
  readonly later: number;
}

/** How steps run on TensorFlow's library. */
const tensorflowWays: Readonly<Record<string, EngineOptions>> = {
  'tensorflow in eager steps': { eager: true },
  'tensorflow in recorded steps': {},
  'tensorflow compiled by XLA': { xla: true },
};

/** Relative tolerance of a loss; testing/data/README.md has the measured figures. */
function toleranceOf(build: string, network: keyof typeof models): Tolerance {
  // libtensorflow's batch norm over CIFARnet's 32,768 values per channel is off by 1.7e-5 (as sequential float32 sums
  // would be), so that more ReLU inputs change sign. What XLA compiles has another batch norm.
  const isXla = tensorflowWays[build]?.xla === true;
  if (ways.includes(build) && !isXla && network === 'cifarnet') return { firstTen: 2e-2, later: 5e-2 };
  // One ReLU input of CIFARnet lies within 1e-7 of 0 and, without fused multiply-adds, has the opposite sign to
  // PyTorch's: that one costs 5.5e-4.
  return { firstTen: build === 'simd' && network === 'cifarnet' ? 1e-3 : 3e-4, later: 1e-2 };
}

function expectSameLosses(
  losses: readonly number[],
  reference: readonly number[],
  { firstTen, later }: Tolerance,
): void {
  losses.forEach((loss, step) => {
    const expected = reference[step]!;
    expect(Math.abs(loss - expected) / expected, `loss of step ${step}`).toBeLessThan(step < 10 ? firstTen : later);
  });
}

type Rows = readonly (readonly number[])[];

function expectClose(rows: Rows, reference: Rows, tolerance: number): void {
  expect(rows.length).toBe(reference.length);
  const differences = rows.flatMap((row, i) => row.map((value, k) => Math.abs(value - reference[i]![k]!)));
  expect(Math.max(...differences)).toBeLessThan(tolerance);
}

const largest = (row: readonly number[]) => row.indexOf(Math.max(...row));

const ways = isInstalled('tensorflow') ? Object.keys(tensorflowWays) : [];

describe.each([...nativeBuilds, 'relaxed-simd', 'simd', ...ways])('training on the %s kernels', (build) => {
  let engine: Engine;
  const warnings: string[] = [];
  beforeAll(async () => {
    const way = tensorflowWays[build];
    engine = await (way === undefined
      ? loadEngine('wasm', { build })
      : loadEngine('tensorflow', { ...way, log: (event) => event.type === 'warning' && warnings.push(event.text) }));
  });

  // Native kernels and those of relaxed SIMD have the same bits, by fused multiply-adds, which round most differently:
  // the fastest of them runs all steps.
  const steps = build === (nativeBuilds[0] ?? 'relaxed-simd') || ways.includes(build) ? 50 : 10;

  it.each(['cifarnet', 'resnet20'] as const)(
    `follows PyTorch's losses of ${steps} Adam steps of %s`,
    async (name) => {
      const reference = await readTrace(name);
      const { losses, evaluationLogitsOfFirstBatch } = await train(engine, name, steps);
      // Of steps that could not be recorded.
      expect(warnings).toEqual([]);
      expectSameLosses(losses, reference.losses, toleranceOf(build, name));
      if (steps < reference.losses.length) return;
      // After 50 steps of rounding, the logits, of size 10, have drifted apart, but the classes are still the same.
      expectClose(evaluationLogitsOfFirstBatch, reference.evaluationLogitsOfFirstBatch, 0.25);
      expect(evaluationLogitsOfFirstBatch.map(largest)).toEqual(reference.evaluationLogitsOfFirstBatch.map(largest));
    },
    TRAINING_TIMEOUT_MS,
  );
});

describe('evaluation-mode logits', () => {
  it.each([
    ['wasm', 'cifarnet', 32],
    ['wasm', 'resnet20', 32],
    ['cpu', 'cifarnet', 1],
    ...installedPeerEngines.flatMap(
      (engine) =>
        [
          [engine, 'cifarnet', 32],
          [engine, 'resnet20', 32],
        ] as const,
    ),
  ] as const)("on the engine %s, of PyTorch's weights of %s, are PyTorch's to 1e-4", async (engine, name, count) => {
    await loadEngine(engine);
    const network = createNetwork(models[name], input);
    network.loadState(await readPytorchWeights(name), name);
    const { images } = await readBatches();
    const device = uploadImages(images, [256, 32, 32, 3]);
    const pixels = (number: number, size = BATCH) => gatherImages(device, batch(number, size), PIXELS);
    const reference = await readLogits(name);
    expectClose(network.predict(pixels(0, count)).arraySync(), reference.loaded.slice(0, count), 1e-4);
    if (engine !== 'cpu') {
      for (let number = 0; number < 8; number++) network.forward(pixels(number), { seed: 1, step: 1 }).dispose();
      expectClose(network.predict(pixels(0, count)).arraySync(), reference.settled, 1e-4);
    }
    device.dispose();
    network.dispose();
  });
});
