import type { TaskOutcome } from '../tasks/task.ts';

/** The key of the page that a task has built; undefined of any other task. */
export function reportPageKey(outcome: TaskOutcome): string | undefined {
  const key = outcome.status === 'done' ? outcome.result['latestPageKey'] : undefined;
  return typeof key === 'string' ? key : undefined;
}
