import type { Store } from './store.ts';

/** A line of progress or information that a stage reports to its caller. */
export type StageEvent =
  | { readonly type: 'message'; readonly text: string }
  | { readonly type: 'warning'; readonly text: string }
  /** Work done so far out of a total, in `unit`s (images, steps, bytes…), with the latest metrics if any. */
  | {
      readonly type: 'progress';
      readonly label: string;
      readonly done: number;
      readonly total: number;
      readonly unit: string;
      readonly figures?: Readonly<Record<string, number>>;
    }
  /** A stage found its result finished and did nothing. */
  | { readonly type: 'reused'; readonly what: string; readonly id: string };

/** What the CLI passes to a stage. Stages do not read environment, clock or terminal themselves. */
export interface StageContext {
  readonly store: Store;
  readonly log: (event: StageEvent) => void;
  /** Aborted on Ctrl-C, SIGTERM or a Spot notice: finish the step, write a checkpoint, end. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

export interface Clock {
  /** Milliseconds since the epoch, for records. */
  nowMs(): number;
  /** Monotonic milliseconds, for durations. */
  elapsedMs(): number;
}
