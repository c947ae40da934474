import type { ScheduleConfig } from '@bakeoff/core';
import { schedules } from './registry.ts';
import type { Schedule, SchedulePosition, ScheduleType } from './schedule.ts';

/**
 * Factor on the optimizer's learning rate for the next step: the schedule's factor times that of the warm-up, if it has one. Each is a pure
 * function of the position, so a resumed run needs no scheduler state.
 */
export function learningRateFactor(config: ScheduleConfig, position: SchedulePosition): number {
  const schedule = schedules[config.type] as Schedule<ScheduleType>;
  const factor = schedule(config, position);
  return 'warmupEpochs' in config ? factor * warmup(config.warmupEpochs, config.warmupFactor, position) : factor;
}

/** Linear rise per step from `factor` to 1 over `epochs` epochs. */
function warmup(epochs: number, factor: number, { step, stepsPerEpoch }: SchedulePosition): number {
  const steps = epochs * stepsPerEpoch;
  return step >= steps ? 1 : factor + ((1 - factor) * step) / steps;
}
