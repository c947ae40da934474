import { ExitCode } from '@bakeoff/core/exit-code';
import type { TaskOutcome } from './task.ts';
import type { StopCause } from '../process/stop-signal.ts';

/** The exit code of a command, from how its tasks ended and what, if anything, asked it to stop. */
export function outcomesExitCode(outcomes: readonly TaskOutcome[], cause: StopCause | undefined): number {
  if (outcomes.some(({ status }) => status === 'interrupted'))
    return cause === 'SIGINT' ? ExitCode.ctrlC : ExitCode.interrupted;
  const failed = outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.exitCode] : []));
  if (failed.length === 0) return ExitCode.done;
  return failed.every((code) => code === ExitCode.mistake) ? ExitCode.mistake : ExitCode.bug;
}
