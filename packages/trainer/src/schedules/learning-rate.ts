import type { ScheduleConfig } from '@bakeoff/core';
import { schedules } from './registry.ts';
import type { Schedule, SchedulePosition, ScheduleType } from './schedule.ts';

/**
 * Factor on the optimizer's learning rate for the next step: the schedule's factor times the warm-up's. Each is a pure
 * function of the position, so a resumed run needs no scheduler state.
 */
export function learningRateFactor(config: ScheduleConfig, position: SchedulePosition): number {
  const { warmupEpochs, warmupFactor, ...settings } = config;
  const schedule = schedules[config.type] as Schedule<ScheduleType>;
  return schedule(settings, position) * warmup(warmupEpochs, warmupFactor, position);
}

/** Linear rise per step from `factor` to 1 over `epochs` epochs. */
function warmup(epochs: number, factor: number, { step, stepsPerEpoch }: SchedulePosition): number {
  const steps = epochs * stepsPerEpoch;
  return step >= steps ? 1 : factor + ((1 - factor) * step) / steps;
}
