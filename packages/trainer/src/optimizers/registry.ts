import type { OptimizerConfig } from '@bakeoff/core';
import type { NamedVariable } from '@bakeoff/model';
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import type { CreateRule, Optimizer, OptimizerType } from './optimizer.ts';
import { sgd } from './sgd.ts';
import { SlotOptimizer } from './slot-optimizer.ts';

export type Optimizers = { readonly [Type in OptimizerType]: CreateRule<Type> };

/**
 * Every optimizer by its type in the manifest's schema. To add one, add its schema in core, a file next to this one,
 * and a line here.
 */
export const optimizers: Optimizers = { adam, adamw, sgd };

/** The optimizer of a recipe over a network's parameters. */
export function createOptimizer(config: OptimizerConfig, parameters: readonly NamedVariable[]): Optimizer {
  const create = optimizers[config.type] as CreateRule<OptimizerType>;
  return new SlotOptimizer(parameters, create(config));
}
