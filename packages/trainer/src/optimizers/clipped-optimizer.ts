import type { SafeTensor } from '@bakeoff/core';
import * as kernels from '@bakeoff/kernels';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Optimizer } from './optimizer.ts';

/** Updates along gradients whose norm, over all parameters together, is at most `maximum`. */
export class ClippedOptimizer implements Optimizer {
  constructor(
    private readonly inner: Optimizer,
    private readonly names: readonly string[],
    private readonly maximum: number,
  ) {}

  update(gradients: ReadonlyMap<string, Tensor>, learningRate: number, step: number): void {
    const clipped = kernels.clipByGlobalNorm(
      this.names.map((name) => gradients.get(name)!),
      this.maximum,
    );
    this.inner.update(new Map(this.names.map((name, i) => [name, clipped[i]!])), learningRate, step);
    for (const gradient of clipped) gradient.dispose();
  }

  state(): Record<string, SafeTensor> {
    return this.inner.state();
  }

  loadState(state: Readonly<Record<string, SafeTensor>>): void {
    this.inner.loadState(state);
  }

  dispose(): void {
    this.inner.dispose();
  }
}
