import type { SafeTensor } from '@bakeoff/core';

const FIGURES = ['loss', 'accuracy', 'learningRate'] as const;
type StepFigures = Readonly<Record<(typeof FIGURES)[number], number>>;

/**
 * The figures of every step so far, as `run.json`'s history and checkpoints keep them: float32 [steps], in step order.
 */
export class StepHistory {
  private readonly figures: Record<(typeof FIGURES)[number], number[]>;

  /** @param tensors what `tensors` returned, to continue from it */
  constructor(tensors?: Readonly<Record<string, SafeTensor>>) {
    const restored = (name: string): number[] => [...(tensors?.[name]?.data ?? [])];
    this.figures = { loss: restored('loss'), accuracy: restored('accuracy'), learningRate: restored('learningRate') };
  }

  get steps(): number {
    return this.figures.loss.length;
  }

  append(figures: StepFigures): void {
    for (const name of FIGURES) this.figures[name].push(figures[name]);
  }

  /** `step` int32 [n] counting from 1; `loss`, `accuracy`, `learningRate` float32 [n]. */
  tensors(): Record<string, SafeTensor> {
    const shape = [this.steps];
    const step: SafeTensor = { shape, data: Int32Array.from({ length: this.steps }, (_, i) => i + 1) };
    return {
      step,
      ...Object.fromEntries(FIGURES.map((name) => [name, { shape, data: Float32Array.from(this.figures[name]) }])),
    };
  }
}
