import { computes } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import type { CommandContext } from './command-context.ts';
import { createView } from '../progress/create-view.ts';
import { jobLimits } from '../tasks/job-limits.ts';
import type { Workplace } from '../places/workplace.ts';
import { launchChild } from '../places/launch-child.ts';
import { runTasks } from '../tasks/run-tasks.ts';
import type { Task, TaskOutcome } from '../tasks/task.ts';
import { takesWholeMachine } from '../machine/whole-machine.ts';

interface ExecuteOptions {
  /** Tasks at a time; undefined: as suits the machine. */
  readonly jobs?: number;
  readonly json?: boolean;
  readonly engine: EngineName | 'auto';
}

/** Runs tasks as child processes or elsewhere, shown in the way that fits where the messages go. */
export async function executeTasks(
  tasks: readonly Task[],
  options: ExecuteOptions,
  context: CommandContext,
  workplace?: Workplace,
): Promise<Map<string, TaskOutcome>> {
  const planned = await shareMachine(tasks, options, context, workplace);
  const view = createView(context, {
    json: options.json === true,
    tasks,
    hint: 'Ctrl-C stops, the next call continues',
  });
  try {
    return await runTasks(planned, {
      ...jobLimits(options.jobs, workplace?.machine),
      launch: workplace?.launch ?? launchChild,
      observer: view,
      signal: context.signal,
      onImpatience: context.stop.onImpatience,
    });
  } finally {
    view.close();
  }
}

/** Unless told how many: trainings and evaluations by TensorFlow's library, which takes all cores or the GPU, go one by one. */
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
