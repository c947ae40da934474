import type { Clock, StageEvent } from '@bakeoff/core';
import type { Style } from '../progress/style.ts';
import type { ViewStream } from '../progress/view.ts';
import type { StopSignal } from '../process/stop-signal.ts';

/** What commands are handed instead of reading the process themselves. */
export interface CommandContext {
  /** Results: standard output. */
  readonly output: ViewStream;
  /** Progress and messages: standard error. */
  readonly messages: ViewStream;
  /** For `output`. */
  readonly style: Style;
  /** For `messages`. */
  readonly messageStyle: Style;
  readonly stop: StopSignal;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** For what happens before there is a view. */
  readonly log: (event: StageEvent) => void;
}
