import { everySettingUsed } from '@bakeoff/core';
import * as kernels from '@bakeoff/kernels';
import type { OptimizerSettings, UpdateRule } from './optimizer.ts';

/**
 * Adam with L2 coupled to the gradient, like torch.optim.Adam(weight_decay = l2). Kingma and Ba 2015, arXiv:1412.6980.
 */
export function adam({ beta1, beta2, epsilon, l2, ...unused }: OptimizerSettings<'adam'>): UpdateRule<'m' | 'v'> {
  everySettingUsed(unused);
  return {
    slots: ['m', 'v'],
    update: ({ learningRate, step, ...tensors }, moments) =>
      kernels.adamUpdate({ ...tensors, ...moments }, { learningRate, beta1, beta2, epsilon, l2, weightDecay: 0, step }),
  };
}
