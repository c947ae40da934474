import type { OptimizerConfig, Recipe } from '@bakeoff/core';
import type { NamedVariable } from '@bakeoff/model';
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import { ClippedOptimizer } from './clipped-optimizer.ts';
import { GroupedOptimizer } from './grouped-optimizer.ts';
import type { CreateRule, Optimizer, OptimizerType } from './optimizer.ts';
import { sgd } from './sgd.ts';
import { SlotOptimizer } from './slot-optimizer.ts';

export type Optimizers = { readonly [Type in OptimizerType]: CreateRule<Type> };

/**
 * Every optimizer by its type in the manifest's schema. To add one, add its schema in core, a file next to this one,
 * and a line here.
 */
export const optimizers: Optimizers = { adam, adamw, sgd };

function createRule(config: OptimizerConfig): ReturnType<CreateRule<OptimizerType>> {
  return (optimizers[config.type] as CreateRule<OptimizerType>)(config);
}

function withoutDecay(config: OptimizerConfig): OptimizerConfig {
  return config.type === 'adamw' ? { ...config, weightDecay: 0 } : { ...config, l2: 0 };
}

/** Biases, and the scales and shifts of norms: they have one axis, and no other parameter has. */
const isBiasOrNorm = ({ variable }: NamedVariable): boolean => variable.rank <= 1;

/** One optimizer for all parameters, or one each for those that decay and those that do not. */
function createGroups(config: OptimizerConfig, parameters: readonly NamedVariable[]): Optimizer {
  if (config.decayBiasAndNorm) return new SlotOptimizer(parameters, createRule(config));
  const decaying = parameters.filter((parameter) => !isBiasOrNorm(parameter));
  return new GroupedOptimizer([
    new SlotOptimizer(decaying, createRule(config)),
    new SlotOptimizer(parameters.filter(isBiasOrNorm), createRule(withoutDecay(config))),
  ]);
}

/** The optimizer of a recipe over a network's parameters. */
export function createOptimizer(
  { optimizer, maxGradientNorm }: Pick<Recipe, 'optimizer' | 'maxGradientNorm'>,
  parameters: readonly NamedVariable[],
): Optimizer {
  const groups = createGroups(optimizer, parameters);
  if (maxGradientNorm === null) return groups;
  return new ClippedOptimizer(
    groups,
    parameters.map(({ name }) => name),
    maxGradientNorm,
  );
}
