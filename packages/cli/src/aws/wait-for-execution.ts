import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode } from '@bakeoff/core/exit-code';
import type { ExecutionDetail, Executions } from './executions.ts';

/** Looks until an execution has ended. Once the signal aborts, it stops looking, and the execution goes on. */
export async function waitForExecution(
  executions: Executions,
  executionId: string,
  { signal, intervalMs = 15_000 }: { readonly signal: AbortSignal; readonly intervalMs?: number },
): Promise<ExecutionDetail> {
  for (;;) {
    const execution = await executions.describe(executionId);
    if (execution.status !== 'RUNNING') return execution;
    await sleep(intervalMs, undefined, { signal });
  }
}

/** What a waiting command answers: success only if the execution succeeded and every run has a result. */
export function executionExitCode({ status }: Pick<ExecutionDetail, 'status'>, runsLeft: number): number {
  if (status === 'ABORTED') return ExitCode.interrupted;
  return status === 'SUCCEEDED' && runsLeft === 0 ? ExitCode.done : ExitCode.bug;
}
