import { describe, expect, it } from 'vitest';
import { StepHistory } from './step-history.ts';

const figures = (i: number) => ({ loss: 1 / (i + 3), accuracy: i / 7, learningRate: 0.1 ** i });

describe('StepHistory', () => {
  it('continues from its tensors to the same bits', () => {
    const whole = new StepHistory();
    const first = new StepHistory();
    for (let i = 0; i < 4; i++) whole.append(figures(i));
    for (let i = 0; i < 2; i++) first.append(figures(i));
    const resumed = new StepHistory(first.tensors());
    for (let i = 2; i < 4; i++) resumed.append(figures(i));
    expect(resumed.tensors()).toEqual(whole.tensors());
    expect(resumed.steps).toBe(4);
  });

  it('counts steps from 1 and keeps a diverged loss', () => {
    const history = new StepHistory();
    history.append({ loss: Number.NaN, accuracy: 0, learningRate: 1 });
    expect(history.tensors()).toEqual({
      step: { shape: [1], data: Int32Array.of(1) },
      loss: { shape: [1], data: Float32Array.of(Number.NaN) },
      accuracy: { shape: [1], data: Float32Array.of(0) },
      learningRate: { shape: [1], data: Float32Array.of(1) },
    });
  });
});
