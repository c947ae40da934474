import { execFile } from 'node:child_process';

export interface EngineCall {
  readonly exitCode: number;
  /** There is no such program. */
  readonly missing: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command to the engine that answers at once. */
const ANSWER_WITHIN_MS = 60_000;

/** Calls docker or podman and waits for its end; never throws. */
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
