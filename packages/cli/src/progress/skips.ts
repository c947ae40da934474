import type { TaskOutcome } from '../tasks/task.ts';

/** Tasks that are skipped together, for one failure before them, share one line. */
export class Skips {
  private reason: string | undefined;

  /** Whether a task was skipped for the same reason as the task that ended before it. */
  repeats(outcome: TaskOutcome): boolean {
    const before = this.reason;
    this.reason = outcome.status === 'skipped' ? outcome.because : undefined;
    return this.reason !== undefined && this.reason === before;
  }
}
