import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ExitCode } from '../exit-code.ts';
import { parseStageLine } from '../progress/stage-lines.ts';
import type { LaunchTask, TaskOutcome } from './task.ts';

/** Lines of a child's standard error kept for the message when it fails. */
const KEPT_ERROR_LINES = 40;

/** Starts the program that this process runs with a stage's arguments; its events come as JSON lines. */
export const launchChild: LaunchTask = (task, onEvent) => {
  const startMs = performance.now();
  const [, program = ''] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, program, ...task.command, '--json'], {
    // The channel carries no messages: its end tells the child that this process is gone.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
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

  const outcome = new Promise<TaskOutcome>((resolve) => {
    child.on('error', (error) => resolve({ status: 'failed', exitCode: ExitCode.bug, message: `cannot start ${process.execPath}: ${error.message}` }));
    child.on('close', (code, signal) => resolve(judge(code, signal, reported, performance.now() - startMs, errorLines)));
  });
  return { outcome, stop: () => child.kill('SIGTERM'), kill: () => child.kill('SIGKILL') };
};

function judge(code: number | null, signal: string | null, reported: TaskOutcome | undefined, durationMs: number, errorLines: readonly string[]): TaskOutcome {
  if (code === ExitCode.interrupted || code === ExitCode.ctrlC) return { status: 'interrupted' };
  // The time a person waits for includes the process's start.
  if (code === ExitCode.done && (reported?.status === 'done' || reported?.status === 'diverged')) return { ...reported, durationMs };
  if (reported?.status === 'failed') return reported;
  const said = errorLines.join('\n');
  if (code !== null) return { status: 'failed', exitCode: code, message: said || `the process ended with exit code ${code}` };
  const cause = signal === 'SIGKILL' ? 'SIGKILL: by hand, or by the system, out of memory' : String(signal);
  return { status: 'failed', exitCode: ExitCode.bug, message: [`the process was ended by ${cause}`, said].join('\n').trim() };
}
