import type { ScheduleConfig } from '@bakeoff/core';

export interface SchedulePosition {
  /** Optimizer steps done so far in the run: 0 for the first step. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly maxEpochs: number;
}

/**
 * Factor on the optimizer's learning rate for the step that comes next: the schedule's times the warm-up's, each a pure function of the position,
 * so that a resumed run needs no scheduler state.
 */
export function learningRateFactor(schedule: ScheduleConfig, position: SchedulePosition): number {
  return scheduleFactor(schedule, position) * warmupFactor(schedule, position);
}

function scheduleFactor(schedule: ScheduleConfig, { step, stepsPerEpoch, maxEpochs }: SchedulePosition): number {
  if (schedule.type === 'constant') return 1;
  if (schedule.type === 'step') {
    const epochsDone = Math.floor(step / stepsPerEpoch);
    return schedule.factor ** schedule.epochs.filter((epoch) => epoch <= epochsDone).length;
  }
  // Loshchilov and Hutter 2017, without restarts: 1 at the first step, finalFactor after the last.
  const progress = step / (stepsPerEpoch * maxEpochs);
  return schedule.finalFactor + ((1 - schedule.finalFactor) * (1 + Math.cos(Math.PI * progress))) / 2;
}

function warmupFactor(schedule: ScheduleConfig, { step, stepsPerEpoch }: SchedulePosition): number {
  const warmupSteps = schedule.warmupEpochs * stepsPerEpoch;
  return step >= warmupSteps ? 1 : schedule.warmupFactor + ((1 - schedule.warmupFactor) * step) / warmupSteps;
}
