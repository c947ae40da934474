import type { Style } from './style.ts';
import type { TaskObserver } from '../tasks/task.ts';

/**
 * Where progress is shown. Lines that should stay go through `print`; nothing else may write to the stream in the
 * meantime.
 */
export interface View extends TaskObserver {
  print(line: string): void;
  /** Clears temporary output; nothing is shown afterward. */
  close(): void;
}

export interface ViewStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Where a command writes. */
export interface ViewContext {
  /** Results: standard output. */
  readonly output: ViewStream;
  /** Progress and messages: standard error. */
  readonly messages: ViewStream;
  /** For `messages`. */
  readonly messageStyle: Style;
}
