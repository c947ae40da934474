import { everySettingUsed } from '@bakeoff/core';
import * as kernels from '@bakeoff/kernels';
import type { OptimizerSettings, UpdateRule } from './optimizer.ts';

/** Stochastic gradient descent, like torch.optim.SGD: momentum's first velocity is the first gradient. */
export function sgd({ momentum, nesterov, l2, ...unused }: OptimizerSettings<'sgd'>): UpdateRule {
  everySettingUsed(unused);
  return {
    slots: momentum === 0 ? [] : ['velocity'],
    update: ({ learningRate, step, ...tensors }, { velocity = null }) =>
      kernels.sgdUpdate({ ...tensors, velocity }, { learningRate, momentum, nesterov, l2, step }),
  };
}
