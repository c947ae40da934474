import { everySettingUsed, type OptimizerConfig } from '@bakeoff/core';
import { loadEngine } from '@bakeoff/engine';
import { testedNative } from '@bakeoff/engine/testing';
import { memory, tensor1d, tidy, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OptimizerSettings } from './optimizer.ts';
import { createOptimizer, optimizers, type Optimizers } from './registry.ts';

const START = [0.5, -1, 2, 0];
/** The gradient of each weight at step t (from 1): any fixed numbers would do. */
const gradientAt = (t: number): number[] => [0.1 * t, -0.2, 0.05 * (t - 2), 1e-3];

type Formula = (weight: number, gradientOf: (t: number, weight: number) => number, steps: number) => number;

const ADAM = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** torch.optim.Adam and AdamW, from the algorithm boxes of PyTorch's documentation, in float64. */
const adamFormula =
  (l2: number, weightDecay: number): Formula =>
  (start, gradientOf, steps) => {
    let [weight, m, v] = [start, 0, 0];
    for (let t = 1; t <= steps; t++) {
      weight -= ADAM.learningRate * weightDecay * weight;
      const gradient = gradientOf(t, weight) + l2 * weight;
      m = ADAM.beta1 * m + (1 - ADAM.beta1) * gradient;
      v = ADAM.beta2 * v + (1 - ADAM.beta2) * gradient ** 2;
      weight -=
        (ADAM.learningRate * (m / (1 - ADAM.beta1 ** t))) / (Math.sqrt(v / (1 - ADAM.beta2 ** t)) + ADAM.epsilon);
    }
    return weight;
  };

/** torch.optim.SGD, likewise. */
const sgdFormula =
  (momentum: number, nesterov: boolean, l2: number): Formula =>
  (start, gradientOf, steps) => {
    let [weight, velocity] = [start, 0];
    for (let t = 1; t <= steps; t++) {
      const gradient = gradientOf(t, weight) + l2 * weight;
      velocity = t === 1 ? gradient : momentum * velocity + gradient;
      weight -= 0.1 * (nesterov ? gradient + momentum * velocity : momentum === 0 ? gradient : velocity);
    }
    return weight;
  };

const CASES: readonly (readonly [string, OptimizerConfig, Formula])[] = [
  ['adam', { type: 'adam', ...ADAM, l2: 0, decayBiasAndNorm: true }, adamFormula(0, 0)],
  ['adam with coupled L2', { type: 'adam', ...ADAM, l2: 0.5, decayBiasAndNorm: true }, adamFormula(0.5, 0)],
  [
    'adamw with decoupled decay',
    { type: 'adamw', ...ADAM, weightDecay: 0.5, decayBiasAndNorm: true },
    adamFormula(0, 0.5),
  ],
  [
    'sgd',
    { type: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false, l2: 0.3, decayBiasAndNorm: true },
    sgdFormula(0, false, 0.3),
  ],
  [
    'sgd with momentum',
    { type: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: false, l2: 0.3, decayBiasAndNorm: true },
    sgdFormula(0.9, false, 0.3),
  ],
  [
    'sgd with Nesterov momentum',
    { type: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, l2: 0, decayBiasAndNorm: true },
    sgdFormula(0.9, true, 0),
  ],
];

const weightOf = (values: ArrayLike<number>) => tidy(() => variable(tensor1d(Float32Array.from(values))));

/** Steps from..to on a parameter `w`. */
function step(optimizer: ReturnType<typeof createOptimizer>, learningRate: number, from: number, to: number): void {
  for (let t = from; t <= to; t++) {
    const gradient = tensor1d(gradientAt(t));
    optimizer.update(new Map([['w', gradient]]), learningRate, t);
    gradient.dispose();
  }
}

/**
 * The weights after five steps, with or without a new optimizer and weight that take over the state of the old ones in
 * the middle.
 */
function fiveSteps(config: OptimizerConfig, restart: boolean): Float32Array {
  let weight = weightOf(START);
  let optimizer = createOptimizer({ optimizer: config, maxGradientNorm: null }, [{ name: 'w', variable: weight }]);
  const dispose = (): void => [optimizer, weight].forEach((each) => each.dispose());
  step(optimizer, config.learningRate, 1, 2);
  if (restart) {
    const [state, values] = [optimizer.state(), weight.dataSync()];
    dispose();
    weight = weightOf(values);
    optimizer = createOptimizer({ optimizer: config, maxGradientNorm: null }, [{ name: 'w', variable: weight }]);
    optimizer.loadState(state);
  }
  step(optimizer, config.learningRate, 3, 5);
  const result = Float32Array.from(weight.dataSync());
  dispose();
  return result;
}

describe('createOptimizer', () => {
  beforeAll(async () => void (await loadEngine('wasm', { native: testedNative })));

  for (const [name, config, formula] of CASES) {
    it(`${name} follows PyTorch's formula over 5 steps`, () => {
      const weight = weightOf(START);
      const optimizer = createOptimizer({ optimizer: config, maxGradientNorm: null }, [
        { name: 'w', variable: weight },
      ]);
      step(optimizer, config.learningRate, 1, 5);
      weight.dataSync().forEach((value, i) =>
        expect(value).toBeCloseTo(
          formula(START[i]!, (t) => gradientAt(t)[i]!, 5),
          5,
        ),
      );
      optimizer.dispose();
      weight.dispose();
    });

    it(`${name} continues from its saved state to the same bits, and frees everything`, () => {
      const before = memory().numTensors;
      expect(fiveSteps(config, true)).toEqual(fiveSteps(config, false));
      expect(memory().numTensors).toBe(before);
    });
  }

  it('refuses state that lacks a slot or has another shape', () => {
    const weight = weightOf(START);
    const optimizer = createOptimizer({ optimizer: CASES[0]![1], maxGradientNorm: null }, [
      { name: 'w', variable: weight },
    ]);
    expect(() => optimizer.loadState({})).toThrow('m.w');
    expect(() => optimizer.loadState({ 'm.w': { shape: [2], data: new Float32Array(2) } })).toThrow('[2]');
    optimizer.dispose();
    weight.dispose();
  });
});

describe('the registry of optimizers', () => {
  it('an incomplete row does not compile', () => {
    const { adam: adamRow, ...others } = optimizers;
    // @ts-expect-error a type of the schema without a row
    const incomplete: Optimizers = others;
    expect(Object.keys({ ...incomplete, adam: adamRow }).sort()).toEqual(['adam', 'adamw', 'sgd']);
  });

  it('a setting that its optimizer does not use does not compile', () => {
    const settings: OptimizerSettings<'sgd'> = { momentum: 0.9, nesterov: true, l2: 0.1 };
    const { momentum, nesterov, ...unused } = settings;
    // @ts-expect-error l2 is not read
    everySettingUsed(unused);
    expect([momentum, nesterov]).toEqual([0.9, true]);
  });
});
