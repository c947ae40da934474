import type { Clock } from '@bakeoff/core';

/** A clock that advances only when told to. */
export class ManualClock implements Clock {
  private milliseconds = 0;

  advance(milliseconds: number): void {
    this.milliseconds += milliseconds;
  }

  nowMs(): number {
    return Date.UTC(2026, 0, 1) + this.milliseconds;
  }

  elapsedMs(): number {
    return this.milliseconds;
  }
}
