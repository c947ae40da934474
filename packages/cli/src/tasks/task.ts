import type { Json, StageEvent, StageWork } from '@bakeoff/core';

/** One stage on one subject, as the local runner sees it. */
export interface Task {
  /** `<stage>:<id of its subject>` */
  readonly id: string;
  readonly work: StageWork;
  /** What is shown: an experiment and its seed, or a dataset. */
  readonly label: string;
  /** Arguments of `bakeoff`. */
  readonly command: readonly string[];
  /** Tasks that must have succeeded. A training that diverged counts as such, with the weights that it kept. */
  readonly requires: readonly string[];
  /** Tasks that must have ended, in any way. */
  readonly follows: readonly string[];
  /** Tasks of which at least one must have succeeded; none: it can do without. */
  readonly requiresOneOf: readonly string[];
  /** Cores it keeps busy: a training's replicas. */
  readonly cores: number;
  readonly memoryBytes: number;
  /**
   * Expected effort, in any unit common to all tasks. The largest task starts first, so that it does not run alone at
   * the end.
   */
  readonly effort: number;
}

export type TaskOutcome =
  | { readonly status: 'done'; readonly reused: boolean; readonly durationMs: number; readonly result: TaskResult }
  | { readonly status: 'diverged'; readonly durationMs: number; readonly result: TaskResult }
  | { readonly status: 'failed'; readonly exitCode: number; readonly message: string }
  | { readonly status: 'interrupted' }
  | { readonly status: 'skipped'; readonly because: string };

export type TaskResult = Readonly<Record<string, Json>>;

/** Is notified of what happens to tasks; the terminal's views implement it. */
export interface TaskObserver {
  started(task: Task): void;
  event(task: Task, event: StageEvent): void;
  ended(task: Task, outcome: TaskOutcome): void;
}

/** A running task: a child process or a container. */
export interface RunningTask {
  readonly outcome: Promise<TaskOutcome>;
  /** Asks the task to write a checkpoint and end. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

export type LaunchTask = (task: Task, onEvent: (event: StageEvent) => void) => RunningTask;
