import type { TaskOutcome } from '../tasks/task.ts';

/** The key of the page that a task has built; undefined for other tasks. */
export function reportPageKey(outcome: TaskOutcome): string | undefined {
  const key = outcome.status === 'done' ? outcome.result['latestPageKey'] : undefined;
  return typeof key === 'string' ? key : undefined;
}
