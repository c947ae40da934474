import type { SafeTensor } from '@bakeoff/core';
import { averageWeights } from '@bakeoff/kernels';
import type { Network } from '@bakeoff/model';
import { NamedVector } from './named-vector.ts';

/**
 * Exponential moving average of a network's parameters and running statistics, as
 * torch.optim.swa_utils.AveragedModel(use_buffers=True, multi_avg_fn=get_ema_multi_avg_fn(decay)): it starts as a copy
 * of the weights after the first step.
 */
export class WeightAverage {
  private readonly average: NamedVector;

  constructor(
    private readonly live: Network,
    /** The same architecture; its weights are set when the average is asked for. */
    private readonly averaged: Network,
    private readonly decay: number,
  ) {
    this.average = new NamedVector([...live.parameters, ...live.buffers], 'average of weights');
  }

  /** Called after every step, which counts from 1. */
  update(step: number): void {
    const values = [...this.live.parameters, ...this.live.buffers].map(({ variable }) => variable);
    averageWeights(this.average.vector, values, step === 1 ? 0 : this.decay);
  }

  /** A network with the averages of now. It is always the same one, and it does not follow later steps. */
  network(): Network {
    this.averaged.loadState(this.average.state(), 'average of weights');
    return this.averaged;
  }

  state(): Record<string, SafeTensor> {
    return this.average.state();
  }

  /** @throws UserError if a tensor is missing or has another shape */
  loadState(state: Readonly<Record<string, SafeTensor>>): void {
    this.average.assign(this.average.valuesOf(state));
  }

  dispose(): void {
    this.average.dispose();
    this.averaged.dispose();
  }
}
