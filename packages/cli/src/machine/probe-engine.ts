import type { EngineName } from '@bakeoff/engine';
import { askOwnProgram, type ProgramCommand } from './ask-own-program.ts';
import type { EngineProbe } from './engine-probe.ts';

/**
 * TensorFlow's library takes seconds to load from a cold disk, and CUDA's takes tens of seconds on a new kind of GPU.
 */
const ANSWER_WITHIN_MS = 120_000;

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** Program and arguments that answer for an engine; the engine's name is appended. */
  readonly command?: ProgramCommand;
  readonly answerWithinMs?: number;
}

/** Tries an engine in a child process: a native library that crashes ends that process, not this one. */
export async function probeEngine(
  engine: EngineName,
  { signal, command, answerWithinMs = ANSWER_WITHIN_MS }: ProbeOptions,
): Promise<EngineProbe> {
  const args = command === undefined ? ['doctor', '--probe', engine] : [engine];
  const answer = await askOwnProgram(args, { signal, withinMs: answerWithinMs, command });
  if (answer.end === null) return JSON.parse(answer.text) as EngineProbe;
  return {
    engine,
    works: false,
    reason: answer.end,
    fix: answer.crashed ? 'reinstall its package: a native library crashed' : null,
  };
}
