import { everySettingUsed } from '@bakeoff/core';
import type { SchedulePosition, ScheduleSettings } from './schedule.ts';

/** From `from` to `to` as `progress` goes from 0 to 1. */
const shapes: Record<ScheduleSettings<'oneCycle'>['shape'], (from: number, to: number, progress: number) => number> = {
  cosine: (from, to, progress) => to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2,
  linear: (from, to, progress) => from + (to - from) * progress,
};

/**
 * Smith and Topin 2018 (arXiv:1708.07120) as torch.optim.lr_scheduler.OneCycleLR has it, with its two phases: the rise
 * ends `riseFraction` of all steps after the start, less one, and the fall with the last step.
 */
export function oneCycle(
  { riseFraction, startFactor, finalFactor, shape, ...unused }: ScheduleSettings<'oneCycle'>,
  { step, stepsPerEpoch, maxEpochs }: SchedulePosition,
): number {
  everySettingUsed(unused);
  const steps = stepsPerEpoch * maxEpochs;
  const peak = riseFraction * steps - 1;
  if (step <= peak) return shapes[shape](startFactor, 1, peak === 0 ? 1 : step / peak);
  return shapes[shape](1, finalFactor, (step - peak) / (steps - 1 - peak));
}
