import { chooseNext } from './choose-next.ts';
import type { JobLimits } from './job-limits.ts';
import type { LaunchTask, RunningTask, Task, TaskObserver, TaskOutcome } from './task.ts';

/** One task always runs, however large it is. */
export interface RunTasksOptions extends JobLimits {
  readonly launch: LaunchTask;
  readonly observer: TaskObserver;
  /** Aborted: running tasks are asked to stop, no more are started. */
  readonly signal: AbortSignal;
  /** Registers a callback for when the user does not want to wait for that. */
  readonly onImpatience: (handler: () => void) => void;
}

/**
 * Runs tasks in the order of their dependencies. A failed task skips only the tasks that require it. Returns every
 * task's outcome.
 */
export async function runTasks(tasks: readonly Task[], options: RunTasksOptions): Promise<Map<string, TaskOutcome>> {
  const outcomes = new Map<string, TaskOutcome>();
  const waiting = new Set(tasks);
  const running = new Map<Task, RunningTask>();
  const stages = new Map(tasks.map(({ id, work }) => [id, work.stage]));
  const stopAll = () => {
    for (const task of running.values()) task.stop();
  };
  options.signal.addEventListener('abort', stopAll);
  options.onImpatience(() => {
    for (const task of running.values()) task.kill();
  });

  const settle = (task: Task, outcome: TaskOutcome) => {
    running.delete(task);
    outcomes.set(task.id, outcome);
    options.observer.ended(task, outcome);
  };
  const start = (task: Task) => {
    waiting.delete(task);
    options.observer.started(task);
    running.set(
      task,
      options.launch(task, (event) => options.observer.event(task, event)),
    );
  };

  while (waiting.size > 0 || running.size > 0) {
    if (options.signal.aborted) giveUp(waiting, outcomes);
    skipHopeless(waiting, stages, outcomes, settle);
    const choose = () => chooseNext(waiting, [...running.keys()], (id) => outcomes.has(id), options);
    for (let next = choose(); next !== undefined; next = choose()) start(next);
    if (running.size === 0) {
      if (waiting.size > 0)
        throw new Error(
          `tasks wait for tasks that are not in the list: ${[...waiting].map(({ id }) => id).join(', ')}`,
        );
      continue;
    }
    const [task, outcome] = await Promise.race(
      [...running].map(async ([task, { outcome }]) => [task, await outcome] as const),
    );
    settle(task, outcome);
  }
  options.signal.removeEventListener('abort', stopAll);
  return outcomes;
}

/** Tasks that never began are not reported one by one. */
function giveUp(waiting: Set<Task>, outcomes: Map<string, TaskOutcome>): void {
  for (const { id } of waiting) outcomes.set(id, { status: 'interrupted' });
  waiting.clear();
}

/** Removes tasks that can no longer run, until nothing changes: tasks that require a skipped task are skipped too. */
function skipHopeless(
  waiting: Set<Task>,
  stages: ReadonlyMap<string, string>,
  outcomes: ReadonlyMap<string, TaskOutcome>,
  settle: (task: Task, outcome: TaskOutcome) => void,
): void {
  for (let changed = true; changed;) {
    changed = false;
    for (const task of waiting) {
      const because = reasonToSkip(task, stages, outcomes);
      if (because === undefined) continue;
      waiting.delete(task);
      settle(task, { status: 'skipped', because });
      changed = true;
    }
  }
}

function reasonToSkip(
  task: Task,
  stages: ReadonlyMap<string, string>,
  outcomes: ReadonlyMap<string, TaskOutcome>,
): string | undefined {
  const failure = (id: string) => {
    const outcome = outcomes.get(id);
    if (outcome === undefined || outcome.status === 'done' || outcome.status === 'diverged') return undefined;
    return outcome.status === 'skipped' ? outcome.because : `${stages.get(id)} ${outcome.status}`;
  };
  const failures = task.requiresOneOf.map(failure);
  if (failures.length > 0 && failures.every((each) => each !== undefined)) return failures[0];
  return task.requires.map(failure).find((each) => each !== undefined);
}
