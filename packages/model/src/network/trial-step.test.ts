import { memory } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { loadEngine } from '@bakeoff/engine';
import { trialStep } from './trial-step.ts';

it('trialStep gives the same figures on every engine, and leaves no tensor behind', async () => {
  const figures = [];
  for (const engine of ['cpu', 'wasm'] as const) {
    await loadEngine(engine);
    trialStep();
    const { numTensors } = memory();
    figures.push(trialStep());
    expect(memory().numTensors).toBe(numTensors);
  }
  const [cpu, wasm] = figures;
  expect(cpu?.loss).toBeGreaterThan(1);
  expect(cpu?.loss).toBeLessThan(4);
  expect(wasm?.loss).toBeCloseTo(cpu!.loss, 4);
  expect(wasm?.gradientNorm).toBeCloseTo(cpu!.gradientNorm, 3);
});
