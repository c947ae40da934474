import type { EngineName } from '@bakeoff/engine';
import type { CommandContext } from './command-context.ts';
import { ANSWER } from '../machine/engine-probe.ts';
import { examine } from '../doctor/examine.ts';
import { findingsLines } from '../doctor/findings-lines.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { obeysEscapes } from '../progress/style.ts';

export interface DoctorOptions {
  readonly json?: boolean;
  /** Answers for one engine, in a process that the engine may crash. */
  readonly probe?: EngineName;
  /** Measures how fast `engine` computes here, and keeps that in the folder `cache`. */
  readonly calibrate?: boolean;
  readonly engine: EngineName | 'auto';
  readonly cache: string;
  /** Measures steps in this process. */
  readonly timeSteps?: EngineName | 'auto';
  readonly networks?: number;
  /** What `bakeoff deploy` checks, for the stack of this name. */
  readonly stack?: string;
}

const DEFAULT_COLUMNS = 100;
const MOST_COLUMNS = 120;

/**
 * `bakeoff doctor`: which engines work, what the others lack, and what else matters about this machine. Succeeds if an
 * engine can train.
 */
export async function doctorCommand(options: DoctorOptions, context: CommandContext): Promise<number> {
  const { json, probe, stack, timeSteps, networks } = options;
  const { output, messages, style, signal } = context;
  if (stack !== undefined) {
    const { stackCheckCommand } = await import('./stack-check-command.ts');
    return stackCheckCommand(stack, { json }, context);
  }
  if (probe !== undefined) {
    const { answerProbe } = await import('../doctor/answer-probe.ts');
    output.write(`${ANSWER}${JSON.stringify(await answerProbe(probe))}\n`);
    return ExitCode.done;
  }
  if (timeSteps !== undefined) {
    const measured = (await import('../doctor/time-steps.ts')).timeSteps(timeSteps, networks);
    output.write(`${ANSWER}${JSON.stringify(await measured)}\n`);
    return ExitCode.done;
  }
  if (options.calibrate === true) return (await import('./calibrate-command.ts')).calibrateCommand(options, context);
  if (obeysEscapes(messages)) messages.write('trying the engines …');
  const findings = await examine(signal).finally(() => obeysEscapes(messages) && messages.write('\r\u001b[K'));
  if (json === true) output.write(`${JSON.stringify(findings, undefined, 2)}\n`);
  else
    for (const line of findingsLines(findings, style, Math.min(output.columns ?? DEFAULT_COLUMNS, MOST_COLUMNS)))
      output.write(`${line}\n`);
  return findings.automatic === null ? ExitCode.mistake : ExitCode.done;
}
