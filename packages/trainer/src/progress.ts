import type { StageContext } from '@bakeoff/core';

/** Often enough for a progress bar, rarely enough to cost nothing. */
const INTERVAL_MS = 500;

/** Emits progress events of a run, at most one per half second unless `always`. */
export class Progress {
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly context: Pick<StageContext, 'log' | 'clock'>,
    private readonly runId: string,
    private readonly totalSteps: number,
  ) {}

  report(step: number, figures: () => Readonly<Record<string, number>>, always = false): void {
    const nowMs = this.context.clock.elapsedMs();
    if (!always && nowMs - this.lastMs < INTERVAL_MS) return;
    this.lastMs = nowMs;
    this.context.log({
      type: 'progress',
      label: this.runId,
      done: step,
      total: this.totalSteps,
      unit: 'steps',
      figures: figures(),
    });
  }
}
