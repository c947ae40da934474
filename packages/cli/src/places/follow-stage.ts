import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { StageEvent } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { parseStageLine } from './stage-lines.ts';
import type { TaskOutcome } from '../tasks/task.ts';

/** Lines of a process's standard error kept for the message when it fails. */
const KEPT_ERROR_LINES = 40;

/** Signals that end the process itself if they come before it handles them. */
const endsEarlyStages: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP']);

/** How the process of a stage ended. */
export interface StageEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines of its standard error. */
  readonly said: string;
}

/**
 * Reads the events of a stage that runs with `--json` in another process (a child, or a container's client) until it
 * ends. `explain` judges endings that the stage itself did not report; undefined applies the rules for processes.
 */
export function followStage(
  child: ChildProcess,
  onEvent: (event: StageEvent) => void,
  explain: (end: StageEnd) => TaskOutcome | undefined = () => undefined,
): Promise<TaskOutcome> {
  const startMs = performance.now();
  let reported: TaskOutcome | undefined;
  const errorLines: string[] = [];

  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    const parsed = parseStageLine(line);
    if (parsed.type === 'ended') reported = parsed;
    else if (parsed.type !== 'started') onEvent(parsed);
  });
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
    errorLines.push(line);
    if (errorLines.length > KEPT_ERROR_LINES) errorLines.shift();
  });

  return new Promise<TaskOutcome>((resolve) => {
    child.on('error', (error) =>
      resolve({
        status: 'failed',
        exitCode: ExitCode.bug,
        message: `cannot start ${child.spawnfile}: ${error.message}`,
      }),
    );
    child.on('close', (code, signal) => {
      const end = { code, signal, said: errorLines.join('\n') };
      resolve(known(end, reported, performance.now() - startMs) ?? explain(end) ?? unknownEnd(end));
    });
  });
}

function known(
  { code, signal }: StageEnd,
  reported: TaskOutcome | undefined,
  durationMs: number,
): TaskOutcome | undefined {
  if (code === ExitCode.interrupted || code === ExitCode.ctrlC || endsEarlyStages.has(signal ?? ''))
    return { status: 'interrupted' };
  // The duration that is shown includes the start of the process.
  if (code === ExitCode.done && (reported?.status === 'done' || reported?.status === 'diverged'))
    return { ...reported, durationMs };
  return reported?.status === 'failed' ? reported : undefined;
}

function unknownEnd({ code, signal, said }: StageEnd): TaskOutcome {
  if (code !== null)
    return { status: 'failed', exitCode: code, message: said || `the process ended with exit code ${code}` };
  const cause = signal === 'SIGKILL' ? 'SIGKILL: by hand, or by the system, out of memory' : String(signal);
  return {
    status: 'failed',
    exitCode: ExitCode.bug,
    message: [`the process was ended by ${cause}`, said].join('\n').trim(),
  };
}
