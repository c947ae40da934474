import type { OptimizerConfig, SafeTensor } from '@bakeoff/core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/**
 * An optimizer over a network's parameters; its state tensors are named `<slot>.<parameter>`, float32, and have the
 * shape of the parameter.
 */
export interface Optimizer {
  /** One update in place. `step` counts from 1; the caller keeps and disposes the gradients. */
  update(gradients: ReadonlyMap<string, Tensor>, learningRate: number, step: number): void;
  state(): Record<string, SafeTensor>;
  /** @throws UserError if a tensor is missing or has another shape */
  loadState(state: Readonly<Record<string, SafeTensor>>): void;
  dispose(): void;
}

/** One update: all parameters with their gradients, in the same order. */
interface UpdateStep {
  readonly parameters: readonly Variable[];
  readonly gradients: readonly Tensor[];
  readonly learningRate: number;
  /** Counts from 1. */
  readonly step: number;
}

/** What an optimizer does with parameters and gradients, and what it remembers between steps. */
export interface UpdateRule<Slot extends string = string> {
  /**
   * Names of the values it remembers, one per element of every parameter, zero at the start: `m`, `v`. Checkpoints use
   * them.
   */
  readonly slots: readonly Slot[];
  /**
   * Updates parameters and slots in place; a slot is one vector [elements of all parameters], in the order of
   * `parameters`.
   */
  update(step: UpdateStep, slots: Readonly<Record<Slot, Variable>>): void;
}

export type OptimizerType = OptimizerConfig['type'];

/**
 * An optimizer's settings except its type, its learning rate, which the training loop passes at every step, and what
 * its decay covers (see `createOptimizer`).
 */
export type OptimizerSettings<Type extends OptimizerType> = Omit<
  Extract<OptimizerConfig, { readonly type: Type }>,
  'type' | 'learningRate' | 'decayBiasAndNorm'
>;

/** Makes an optimizer's rule from its settings and uses all of them (see `everySettingUsed`). */
export type CreateRule<Type extends OptimizerType> = (settings: OptimizerSettings<Type>) => UpdateRule;
