import type { Clock, StageEvent } from '@bakeoff/core';
import type { Style } from '../progress/style.ts';
import type { ViewContext } from '../progress/view.ts';
import type { StopSignal } from '../process/stop-signal.ts';

/** What commands receive, so that they need not read it from the process themselves. */
export interface CommandContext extends ViewContext {
  /** For `output`. */
  readonly style: Style;
  readonly stop: StopSignal;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** For events before there is a view. */
  readonly log: (event: StageEvent) => void;
}
