import { everySettingUsed } from '@bakeoff/core';
import type { SchedulePosition, ScheduleSettings } from './schedule.ts';

/** Straight lines between knots, as torch.optim.lr_scheduler.LambdaLR with numpy.interp(step / stepsPerEpoch, …). */
export function linear(
  { knots, ...unused }: ScheduleSettings<'linear'>,
  { step, stepsPerEpoch }: SchedulePosition,
): number {
  everySettingUsed(unused);
  const epoch = step / stepsPerEpoch;
  const after = knots.findIndex((knot) => knot.epoch > epoch);
  const next = knots.at(after)!;
  // Past the last knot, or before the first.
  if (after <= 0) return next.factor;
  const last = knots[after - 1]!;
  return last.factor + ((next.factor - last.factor) * (epoch - last.epoch)) / (next.epoch - last.epoch);
}
