import { everySettingUsed } from '@bakeoff/core';
import type { SchedulePosition, ScheduleSettings } from './schedule.ts';

/** Loshchilov and Hutter 2017 (arXiv:1608.03983), without restarts: 1 at the first step, `finalFactor` after the last. */
export function cosine(
  { finalFactor, ...unused }: ScheduleSettings<'cosine'>,
  { step, stepsPerEpoch, maxEpochs }: SchedulePosition,
): number {
  everySettingUsed(unused);
  const progress = step / (stepsPerEpoch * maxEpochs);
  return finalFactor + ((1 - finalFactor) * (1 + Math.cos(Math.PI * progress))) / 2;
}
