import { computes } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import type { CommandContext } from './command-context.ts';
import { createView } from '../progress/create-view.ts';
import type { ExpectedTime } from '../estimates/expected-time.ts';
import { StudyClock } from '../estimates/study-clock.ts';
import { jobLimits } from '../tasks/job-limits.ts';
import type { Workplace } from '../places/workplace.ts';
import { launchChild } from '../places/launch-child.ts';
import { runTasks } from '../tasks/run-tasks.ts';
import type { Task, TaskObserver, TaskOutcome } from '../tasks/task.ts';
import { takesWholeMachine } from '../machine/whole-machine.ts';

interface ExecuteOptions {
  /** Tasks at a time; undefined: as many as the machine can run. */
  readonly jobs?: number;
  readonly json?: boolean;
  readonly engine: EngineName | 'auto';
}

export interface ExecuteSetting {
  /** Where the tasks run; absent: in child processes. */
  readonly workplace?: Workplace;
  /** Of a study: what its tasks are expected to take, so that the time left is shown. */
  readonly expectedOf?: (task: Task) => ExpectedTime;
}

/** Runs tasks in child processes or elsewhere, and shows them in the way that suits the message stream. */
export async function executeTasks(
  tasks: readonly Task[],
  options: ExecuteOptions,
  context: CommandContext,
  { workplace, expectedOf }: ExecuteSetting = {},
): Promise<Map<string, TaskOutcome>> {
  const planned = await shareMachine(tasks, options, context, workplace);
  const limits = jobLimits(options.jobs, workplace?.machine);
  const clock = expectedOf && new StudyClock(planned, expectedOf, limits);
  const view = createView(context, {
    json: options.json === true,
    tasks,
    hint: 'Ctrl-C stops; the same command resumes',
    tellTimeLeft: clock && (() => clock.timeLeft()),
  });
  try {
    return await runTasks(planned, {
      ...limits,
      launch: workplace?.launch ?? launchChild,
      observer: clock === undefined ? view : observeBoth(clock, view),
      signal: context.signal,
      onImpatience: context.stop.onImpatience,
    });
  } finally {
    view.close();
  }
}

/** The first observer knows of an event before the second one shows it. */
function observeBoth(first: TaskObserver, second: TaskObserver): TaskObserver {
  return {
    started: (task) => [first, second].forEach((each) => each.started(task)),
    event: (task, event) => [first, second].forEach((each) => each.event(task, event)),
    ended: (task, outcome) => [first, second].forEach((each) => each.ended(task, outcome)),
  };
}

/**
 * Without an explicit number, trainings and evaluations with TensorFlow's library run one by one: it uses all cores or
 * the GPU.
 */
async function shareMachine(
  tasks: readonly Task[],
  { jobs, engine }: ExecuteOptions,
  { signal }: CommandContext,
  workplace: Workplace | undefined,
): Promise<readonly Task[]> {
  const computing = tasks.filter(({ work }) => computes(work.stage));
  if (jobs !== undefined || computing.length < 2) return tasks;
  const alone = workplace === undefined ? await takesWholeMachine(engine, signal) : workplace.usesGpu;
  return alone ? tasks.map((task) => (computing.includes(task) ? { ...task, cores: Infinity } : task)) : tasks;
}
