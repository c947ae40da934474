import type { JobLimits } from './job-limits.ts';
import type { Task } from './task.ts';

/**
 * The task that starts next: of those that need nothing that has not ended, and that fit next to the running ones, the
 * largest. Undefined: none can start now. One task always fits, however large it is.
 */
export function chooseNext(
  waiting: Iterable<Task>,
  running: readonly Task[],
  hasEnded: (taskId: string) => boolean,
  limits: JobLimits,
): Task | undefined {
  if (running.length >= limits.jobs) return undefined;
  let memoryTaken = 0;
  let coresTaken = 0;
  for (const { memoryBytes, cores } of running) {
    memoryTaken += memoryBytes;
    coresTaken += cores;
  }
  let best: Task | undefined;
  for (const task of waiting) {
    const fits =
      running.length === 0 ||
      (memoryTaken + task.memoryBytes <= limits.memoryBytes && coresTaken + task.cores <= limits.cores);
    if (!fits || (best !== undefined && task.effort <= best.effort)) continue;
    if (task.requires.every(hasEnded) && task.follows.every(hasEnded)) best = task;
  }
  return best;
}
