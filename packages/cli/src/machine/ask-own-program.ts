import { spawn } from 'node:child_process';
import { ANSWER } from './engine-probe.ts';

/** Of the last line that a process printed before it failed. */
const KEPT_CHARACTERS = 300;

/** Program and its first arguments. */
export type ProgramCommand = readonly [string, ...string[]];

interface AskOptions {
  readonly signal: AbortSignal;
  readonly withinMs: number;
  /** Absent: this process's own program. */
  readonly command?: ProgramCommand;
}

/** What a process answered, or how it ended without an answer. */
export type Answer =
  | { readonly text: string; readonly end: null }
  | { readonly end: string; readonly crashed: boolean };

/**
 * Runs a program, and reads the line of its output that is marked as its answer; libraries may print other lines. A
 * native library that crashes ends that process, not this one.
 */
export function askOwnProgram(
  args: readonly string[],
  { signal, withinMs, command = ownProgram() }: AskOptions,
): Promise<Answer> {
  const [program, ...first] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      timeout: withinMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-KEPT_CHARACTERS * 4)));
    child.on('error', reject);
    child.on('close', (code, ending) => {
      const answer = output.split('\n').find((line) => line.startsWith(ANSWER));
      if (code === 0 && answer !== undefined) resolve({ text: answer.slice(ANSWER.length), end: null });
      else
        resolve({
          end: explainEnd(code, ending, said, withinMs),
          crashed: ending !== null && ending !== 'SIGKILL',
        });
    });
  });
}

function ownProgram(): ProgramCommand {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
}

function explainEnd(code: number | null, ending: NodeJS.Signals | null, said: string, withinMs: number): string {
  const last = said
    .trim()
    .split('\n')
    .findLast((line) => line.trim() !== '')
    ?.trim()
    .slice(0, KEPT_CHARACTERS);
  const words = last === undefined ? '' : `: ${last}`;
  if (ending === 'SIGKILL') return `no answer within ${withinMs / 1000} seconds, or out of memory${words}`;
  if (ending !== null) return `loading it ends the process by ${ending}${words}`;
  return `loading it ends the process with exit code ${code}${words}`;
}
