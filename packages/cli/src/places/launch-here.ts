import { performance } from 'node:perf_hooks';
import type { Plan, StageContext } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { explainError } from '../process/explain-error.ts';
import { performStage, type StageOptions } from '../stages/perform-stage.ts';
import type { LaunchTask, TaskOutcome } from '../tasks/task.ts';

/** Runs tasks in this process: what a child, a container or a Batch job does with the one it is started for. */
export function launchHere(plan: Plan, options: StageOptions, context: Omit<StageContext, 'log'>): LaunchTask {
  return (task, onEvent) => {
    let reused = false;
    let worked = false;
    const log: StageContext['log'] = (event) => {
      reused ||= event.type === 'reused';
      worked ||= event.type === 'progress';
      onEvent(event);
    };
    const perform = async (): Promise<TaskOutcome> => {
      const startMs = performance.now();
      try {
        const { status, result } = await performStage(task.work, plan, options, { ...context, log });
        if (status === 'interrupted') return { status };
        const durationMs = performance.now() - startMs;
        return status === 'done'
          ? { status, reused: reused && !worked, durationMs, result }
          : { status, durationMs, result };
      } catch (error) {
        if (context.signal.aborted && isAbort(error)) return { status: 'interrupted' };
        const { message, exitCode } = explainError(error);
        return { status: 'failed', exitCode, message };
      }
    };
    // The stage is stopped by the signal it was given, and cannot be killed without ending this process.
    return { outcome: perform(), stop: () => undefined, kill: () => process.exit(ExitCode.ctrlC) };
  };
}

function isAbort(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === 'AbortError' || (error as NodeJS.ErrnoException).code === 'ABORT_ERR')
  );
}
