import type { TaskOutcome } from '../tasks/task.ts';

/** The report's verdict in one line, from the task that has built it; undefined for other tasks. */
export function reportVerdict(outcome: TaskOutcome): string | undefined {
  const verdict = outcome.status === 'done' ? outcome.result['verdict'] : undefined;
  return typeof verdict === 'string' ? verdict : undefined;
}

/** The key of the page that a task has built; undefined for other tasks. */
export function reportPageKey(outcome: TaskOutcome): string | undefined {
  const key = outcome.status === 'done' ? outcome.result['latestPageKey'] : undefined;
  return typeof key === 'string' ? key : undefined;
}
