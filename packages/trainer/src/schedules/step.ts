import { everySettingUsed } from '@bakeoff/core';
import type { SchedulePosition, ScheduleSettings } from './schedule.ts';

/** The learning rate is multiplied by `factor` after each of the named epochs. */
export function step(
  { epochs, factor, ...unused }: ScheduleSettings<'step'>,
  { step: stepsDone, stepsPerEpoch }: SchedulePosition,
): number {
  everySettingUsed(unused);
  const epochsDone = Math.floor(stepsDone / stepsPerEpoch);
  return factor ** epochs.filter((epoch) => epoch <= epochsDone).length;
}
