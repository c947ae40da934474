import { spawn } from 'node:child_process';
import type { EngineName } from '@bakeoff/engine';
import { ANSWER, type EngineProbe } from './engine-probe.ts';

/**
 * TensorFlow's library takes seconds to load from a cold disk, and CUDA's takes tens of seconds on a new kind of GPU.
 */
const ANSWER_WITHIN_MS = 120_000;
/** Of the last line that a crashed process printed. */
const KEPT_CHARACTERS = 300;

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** Program and arguments that answer for an engine; the engine's name is appended. */
  readonly command?: readonly [string, ...string[]];
  readonly answerWithinMs?: number;
}

/** Tries an engine in a child process: a native library that crashes ends that process, not this one. */
export function probeEngine(
  engine: EngineName,
  { signal, command = ownCommand(), answerWithinMs = ANSWER_WITHIN_MS }: ProbeOptions,
): Promise<EngineProbe> {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, engine], {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      timeout: answerWithinMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-KEPT_CHARACTERS * 4)));
    child.on('error', reject);
    child.on('close', (code, ending) => {
      const answer = output.split('\n').find((line) => line.startsWith(ANSWER));
      if (code === 0 && answer !== undefined) resolve(JSON.parse(answer.slice(ANSWER.length)) as EngineProbe);
      else
        resolve({
          engine,
          works: false,
          reason: explainEnd(code, ending, said, answerWithinMs),
          fix: ending === null || ending === 'SIGKILL' ? null : 'reinstall its package: a native library crashed',
        });
    });
  });
}

function ownCommand(): [string, ...string[]] {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'doctor', '--probe'];
}

function explainEnd(code: number | null, ending: NodeJS.Signals | null, said: string, answerWithinMs: number): string {
  const last = said
    .trim()
    .split('\n')
    .findLast((line) => line.trim() !== '')
    ?.trim()
    .slice(0, KEPT_CHARACTERS);
  const words = last === undefined ? '' : `: ${last}`;
  if (ending === 'SIGKILL') return `no answer within ${answerWithinMs / 1000} seconds, or out of memory${words}`;
  if (ending !== null) return `loading it ends the process by ${ending}${words}`;
  return `loading it ends the process with exit code ${code}${words}`;
}
