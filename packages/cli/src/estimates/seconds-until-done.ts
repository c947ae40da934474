import { chooseNext } from '../tasks/choose-next.ts';
import type { JobLimits } from '../tasks/job-limits.ts';
import type { Task } from '../tasks/task.ts';

/** A task that has not ended. */
export interface OpenTask {
  readonly task: Task;
  readonly isRunning: boolean;
  /** From now, or from its start if it is waiting, to its end. */
  readonly seconds: number;
}

/** Seconds until all tasks have ended, if the runner starts them in its own order within these limits. */
export function secondsUntilDone(open: readonly OpenTask[], limits: JobLimits): number {
  const seconds = new Map(open.map((each) => [each.task, each.seconds]));
  const waiting = new Set(open.filter(({ isRunning }) => !isRunning).map(({ task }) => task));
  const unended = new Set(open.map(({ task }) => task.id));
  const ends = new Map(open.filter(({ isRunning }) => isRunning).map((each) => [each.task, each.seconds]));
  for (let now = 0; ;) {
    const choose = () => chooseNext(waiting, [...ends.keys()], (id) => !unended.has(id), limits);
    for (let next = choose(); next !== undefined; next = choose()) {
      waiting.delete(next);
      ends.set(next, now + seconds.get(next)!);
    }
    const first = [...ends].toSorted(([, a], [, b]) => a - b)[0];
    if (first === undefined) return now;
    [, now] = first;
    ends.delete(first[0]);
    unended.delete(first[0].id);
  }
}
