import type { CommandContext } from '../command-context.ts';
import { createView } from '../progress/create-view.ts';
import { jobLimits, type Machine } from './job-limits.ts';
import { launchChild } from './launch-child.ts';
import { runTasks } from './run-tasks.ts';
import type { LaunchTask, Task, TaskOutcome } from './task.ts';

/** Where tasks run when it is not in child processes of this one. */
export interface Workplace {
  readonly launch: LaunchTask;
  readonly machine: Machine;
}

/** Runs tasks as child processes or elsewhere, shown in the way that fits where the messages go. */
export async function executeTasks(tasks: readonly Task[], options: { readonly jobs?: number; readonly json?: boolean }, context: CommandContext, workplace?: Workplace): Promise<Map<string, TaskOutcome>> {
  const view = createView(context, { json: options.json === true, tasks, hint: 'Ctrl-C stops, the next call continues' });
  try {
    return await runTasks(tasks, { ...jobLimits(options.jobs, workplace?.machine), launch: workplace?.launch ?? launchChild, observer: view, signal: context.signal, onImpatience: context.stop.onImpatience });
  } finally {
    view.close();
  }
}
