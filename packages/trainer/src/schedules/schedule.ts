import type { ScheduleConfig } from '@bakeoff/core';

export interface SchedulePosition {
  /** Optimizer steps done so far in the run: 0 for the first step. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly maxEpochs: number;
}

export type ScheduleType = ScheduleConfig['type'];

/** A schedule's settings except its type and the warm-up's (see `learningRateFactor`). */
export type ScheduleSettings<Type extends ScheduleType> = Omit<
  Extract<ScheduleConfig, { readonly type: Type }>,
  'type' | 'warmupEpochs' | 'warmupFactor'
>;

/** Factor on the learning rate for the next step; uses all of its settings (see `everySettingUsed`). */
export type Schedule<Type extends ScheduleType> = (
  settings: ScheduleSettings<Type>,
  position: SchedulePosition,
) => number;
