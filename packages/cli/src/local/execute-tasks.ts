import type { CommandContext } from '../command-context.ts';
import { createView } from '../progress/create-view.ts';
import { jobLimits } from './job-limits.ts';
import { launchChild } from './launch-child.ts';
import { runTasks } from './run-tasks.ts';
import type { Task, TaskOutcome } from './task.ts';

/** Runs tasks as child processes, shown in the way that fits where the messages go. */
export async function executeTasks(tasks: readonly Task[], options: { readonly jobs?: number; readonly json?: boolean }, context: CommandContext): Promise<Map<string, TaskOutcome>> {
  const view = createView(context, { json: options.json === true, tasks, hint: 'Ctrl-C stops, the next call continues' });
  try {
    return await runTasks(tasks, { ...jobLimits(options.jobs), launch: launchChild, observer: view, signal: context.signal, onImpatience: context.stop.onImpatience });
  } finally {
    view.close();
  }
}
