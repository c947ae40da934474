import type { SafeTensor } from '@bakeoff/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Optimizer } from './optimizer.ts';

/** Optimizers over disjoint groups of a network's parameters, as torch.optim's parameter groups. */
export class GroupedOptimizer implements Optimizer {
  constructor(private readonly groups: readonly Optimizer[]) {}

  update(gradients: ReadonlyMap<string, Tensor>, learningRate: number, step: number): void {
    for (const group of this.groups) group.update(gradients, learningRate, step);
  }

  state(): Record<string, SafeTensor> {
    return Object.fromEntries(this.groups.flatMap((group) => Object.entries(group.state())));
  }

  loadState(state: Readonly<Record<string, SafeTensor>>): void {
    for (const group of this.groups) group.loadState(state);
  }

  dispose(): void {
    for (const group of this.groups) group.dispose();
  }
}
