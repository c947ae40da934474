import { execFile } from 'node:child_process';

export interface EngineCall {
  readonly exitCode: number;
  /** The program is not installed. */
  readonly missing: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** For commands that the engine answers at once. */
const ANSWER_WITHIN_MS = 60_000;

/** Calls docker or podman and waits until it ends; never throws. */
export function callEngine(
  program: string,
  args: readonly string[],
  answerWithinMs = ANSWER_WITHIN_MS,
): Promise<EngineCall> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: answerWithinMs, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      const code = error?.code;
      const exitCode = error === null ? 0 : typeof code === 'number' ? code : 1;
      resolve({
        exitCode,
        missing: code === 'ENOENT',
        stdout,
        stderr: stderr || (error?.killed === true ? `it does not answer within ${answerWithinMs / 1000} seconds` : ''),
      });
    });
  });
}
