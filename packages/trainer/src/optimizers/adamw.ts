import { everySettingUsed } from '@bakeoff/core';
import * as kernels from '@bakeoff/kernels';
import type { OptimizerSettings, UpdateRule } from './optimizer.ts';

/** Adam with decoupled weight decay, like torch.optim.AdamW. Loshchilov and Hutter 2019, arXiv:1711.05101. */
export function adamw({
  beta1,
  beta2,
  epsilon,
  weightDecay,
  ...unused
}: OptimizerSettings<'adamw'>): UpdateRule<'m' | 'v'> {
  everySettingUsed(unused);
  return {
    slots: ['m', 'v'],
    update: ({ learningRate, step, ...tensors }, moments) =>
      kernels.adamUpdate({ ...tensors, ...moments }, { learningRate, beta1, beta2, epsilon, l2: 0, weightDecay, step }),
  };
}
