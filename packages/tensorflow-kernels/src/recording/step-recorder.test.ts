import { adamUpdate, addRelu, batchNorm, batchNormGrad, dropout } from '@bakeoff/kernels';
import {
  disposeVariables,
  ones,
  setBackend,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tensor4d,
  type Tensor4D,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { installTensorflowKernels, type TensorflowDevice } from '../install.ts';
import { countCalls } from '../testing/count-calls.ts';
import { registerSmallTensorflow, type SmallTensorflow } from '../testing/small-tensorflow.ts';

let tensorflow: SmallTensorflow;
let device: TensorflowDevice;
let count: () => number;
beforeAll(async () => {
  tensorflow = registerSmallTensorflow();
  await setBackend('tensorflow');
  device = installTensorflowKernels();
  count = countCalls();
});
afterEach(() => disposeVariables());

const SHAPE: [number, number, number, number] = [1, 2, 2, 2];
const values = (from: number): number[] => Array.from({ length: 8 }, (_, i) => from + Math.sin(i + 1));

interface Changes {
  /** The step's code does something else. */
  readonly relu?: boolean;
  /** The step reads a value of its own. */
  readonly reads?: boolean;
}

/**
 * A training of a batch norm of images plus weights, whose loss is made up: AdamW, which reads and changes parameters
 * twice, running statistics, and dropout.
 */
function openTraining(pixels = values(0)) {
  let x = tensor4d(pixels, SHAPE);
  const gamma = variable(tensor1d([1, 1.5]));
  const beta = variable(tensor1d([0.5, -0.5]));
  const weights = variable(tensor4d(values(2), SHAPE));
  const running = { mean: variable(zeros([2])), variance: variable(ones([2])), momentum: 0.1 };
  const [m, v] = [variable(zeros([12])), variable(zeros([12]))];
  const state = { gamma, beta, weights, mean: running.mean, variance: running.variance, m, v };
  const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2: 0.01, weightDecay: 0.1 };

  return {
    setWeights: (to: number[]) => weights.assign(tensor4d(to, SHAPE)),
    setPixels: (to: number[]) => {
      x.dispose();
      x = tensor4d(to, SHAPE);
    },
    step: (step: number, { relu = false, reads = false }: Changes = {}): Tensor[] => {
      const input = addRelu(x, weights as unknown as Tensor4D);
      const { y, statistics } = batchNorm(input, gamma as Tensor1D, beta as Tensor1D, { epsilon: 1e-5, relu, running });
      const dropped = dropout(y, { rate: 0.5, key: step * 7919, perChannel: false });
      if (reads) dropped.dataSync();
      const { dx, dGamma, dBeta } = batchNormGrad(input, dropped, y, gamma as Tensor1D, statistics, { epsilon: 1e-5 });
      adamUpdate(
        { parameters: [gamma, beta, weights], gradients: [dGamma, dBeta, dx], m, v },
        { ...settings, learningRate: 0.1 / step, step },
      );
      for (const tensor of [input, y, dx, dGamma, dBeta, ...statistics]) tensor.dispose();
      return [dropped];
    },
    read: () => Object.entries(state).map(([name, each]) => [name, ...each.dataSync()]),
  };
}

type Training = ReturnType<typeof openTraining>;
type Turn = (training: Training, step: number) => Changes | undefined;

/** What each step gives and, every other step, leaves; and how many calls it takes. */
function train(run: (step: () => Tensor[]) => Tensor[], publish: () => void, turn: Turn, pixels?: number[]) {
  const training = openTraining(pixels);
  const seen: unknown[] = [];
  const calls: number[] = [];
  for (let step = 1; step <= 8; step++) {
    const changes = turn(training, step);
    const before = count();
    const [result] = run(() => training.step(step, changes));
    calls.push(count() - before);
    seen.push([...result!.dataSync()]);
    result!.dispose();
    if (step % 2 === 1) continue;
    publish();
    seen.push(training.read());
  }
  return { seen, calls };
}

function compare(turn: Turn = () => undefined, { xla = false, pixels }: { xla?: boolean; pixels?: number[] } = {}) {
  const warnings: string[] = [];
  const eager = train(
    (step) => step(),
    () => undefined,
    turn,
    pixels,
  );
  const recorder = device.createRecorder!({ xla, warn: (text) => warnings.push(text) });
  const recorded = train(
    (step) => recorder.run('made up', step),
    () => recorder.publish(),
    turn,
    pixels,
  );
  recorder.dispose();
  return { eager, recorded, warnings };
}

const numbers = ({ seen }: { seen: unknown[] }) => seen.flat(2).filter((each) => typeof each === 'number');

describe('recorded steps', () => {
  it('do in one call what eager ones do, in whatever order their graph allows', () => {
    const { eager, recorded, warnings } = compare();
    expect(recorded.seen).toEqual(eager.seen);
    expect(eager.calls.at(-1)).toBe(20);
    expect(recorded.calls.slice(2)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(warnings).toEqual([]);
  });

  it('are recorded anew where the code does something else', () => {
    const { eager, recorded } = compare((_training, step) => ({ relu: step >= 5 }));
    expect(recorded.seen).toEqual(eager.seen);
    expect(recorded.calls.map((calls) => calls === 1)).toEqual([false, false, true, true, false, true, true, true]);
  });

  it('wait for new values of tensors to be on the device', () => {
    const { eager, recorded } = compare((training, step) => {
      if (step === 5) training.setPixels(values(1));
      return undefined;
    });
    expect(recorded.seen).toEqual(eager.seen);
    expect(recorded.calls.map((calls) => calls === 1)).toEqual([false, false, true, true, false, true, true, true]);
  });

  it('take the values that other code gives parameters', () => {
    const { eager, recorded } = compare((training, step) => {
      if (step === 5) training.setWeights(values(3));
      return undefined;
    });
    expect(recorded.seen).toEqual(eager.seen);
    expect(recorded.calls.map((calls) => calls === 1)).toEqual([false, false, true, true, false, true, true, true]);
  });

  it('stay eager where they read a value, which is said once', () => {
    const { eager, recorded, warnings } = compare(() => ({ reads: true }));
    expect(recorded).toEqual(eager);
    expect(warnings).toEqual(['made up runs one operation at a time, which is slower: it reads a value back']);
  });

  it("stay eager where TensorFlow refuses their graph, which is said once with TensorFlow's reason", () => {
    const { binding } = tensorflow;
    const refusing = { value: () => fail('Invalid TF_Status: 3\nMessage: Node n1 is wrong') };
    Object.assign(tensorflow, { binding: Object.create(binding, { addFunction: refusing }) as object });
    try {
      const { eager, recorded, warnings } = compare();
      expect(recorded.seen).toEqual(eager.seen);
      expect(warnings).toEqual([expect.stringContaining('slower: Node n1 is wrong')]);
    } finally {
      Object.assign(tensorflow, { binding });
    }
  });

  it('leave no tensors behind', () => {
    const training = openTraining();
    const recorder = device.createRecorder!({ xla: false, warn: fail });
    const left = Array.from({ length: 6 }, (_, i) => {
      for (const result of recorder.run('made up', () => training.step(i + 1))) result.dispose();
      return tensorflow.binding.tensorCount;
    });
    expect(left.slice(3)).toEqual([left[2], left[2], left[2]]);
  });

  it.each([
    [0, 1e-5],
    [300, 1e-3],
  ])('have a batch norm for XLA that keeps its digits at a mean of %i', (mean, tolerance) => {
    const { eager, recorded, warnings } = compare(() => undefined, { xla: true, pixels: values(mean) });
    expect(warnings).toEqual([]);
    expect(recorded.calls.slice(2)).toEqual([1, 1, 1, 1, 1, 1]);
    const expected = numbers(eager);
    const differences = numbers(recorded).map((value, i) => Math.abs(value - expected[i]!) / (1 + Math.abs(value)));
    expect(differences.length).toBeGreaterThan(100);
    expect(Math.max(...differences)).toBeLessThan(tolerance);
  });
});

function fail(text: string): never {
  throw new Error(text);
}
