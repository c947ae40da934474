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
  /** Tasks at a time; undefined: as many as the machine can run. */
  readonly jobs?: number;
  readonly json?: boolean;
  readonly engine: EngineName | 'auto';
}

/** Runs tasks in child processes or elsewhere, and shows them in the way that suits the message stream. */
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
    hint: 'Ctrl-C stops; the same command resumes',
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
