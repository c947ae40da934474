import type { Json, StageEvent, StageWork } from '@bakeoff/core';

/** One stage on one subject, as the local runner sees it. */
export interface Task {
  /** `<stage>:<id of its subject>` */
  readonly id: string;
  readonly work: StageWork;
  /** What a person reads: an experiment and its seed, a dataset. */
  readonly label: string;
  /** Arguments of `bakeoff`. */
  readonly command: readonly string[];
  /** Tasks that must have succeeded; a training that diverged has, with what it kept. */
  readonly requires: readonly string[];
  /** Tasks that must have ended, however they did. */
  readonly follows: readonly string[];
  /** Cores it keeps busy: a training's replicas. */
  readonly cores: number;
  readonly memoryBytes: number;
  /** Expected, in any unit common to all tasks; the largest starts first, so that none is left over alone at the end. */
  readonly effort: number;
}

export type TaskOutcome =
  | { readonly status: 'done'; readonly reused: boolean; readonly durationMs: number; readonly result: TaskResult }
  | { readonly status: 'diverged'; readonly durationMs: number; readonly result: TaskResult }
  | { readonly status: 'failed'; readonly exitCode: number; readonly message: string }
  | { readonly status: 'interrupted' }
  | { readonly status: 'skipped'; readonly because: string };

export type TaskResult = Readonly<Record<string, Json>>;

/** Hears what happens to tasks; the terminal's views implement it. */
export interface TaskObserver {
  started(task: Task): void;
  event(task: Task, event: StageEvent): void;
  ended(task: Task, outcome: TaskOutcome): void;
}

/** A task under way: a child process, or a container. */
export interface RunningTask {
  readonly outcome: Promise<TaskOutcome>;
  /** Asks for a checkpoint and the end. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

export type LaunchTask = (task: Task, onEvent: (event: StageEvent) => void) => RunningTask;
