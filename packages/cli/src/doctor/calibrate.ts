import { availableParallelism } from 'node:os';
import { type Calibration, type Clock, UserError } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';
import { engines } from '@bakeoff/engine/engines';
import { mean } from '@bakeoff/statistics';
import { askOwnProgram } from '../machine/ask-own-program.ts';
import { probeEngine } from '../machine/probe-engine.ts';
import type { TimedSteps } from './time-steps.ts';

/** A machine of one core at a fraction of today's speed answers within this time. */
const ANSWER_WITHIN_MS = 300_000;

/**
 * Measures how fast an engine computes here: steps of a few networks in one process, then of one of them in as many
 * processes as there are cores, because cores share caches and memory.
 * @throws UserError if the engine cannot compute here.
 */
export async function calibrate(
  engine: EngineName | 'auto',
  { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock },
): Promise<Calibration> {
  if (engine !== 'auto' && engines[engine].peer !== null) {
    const probe = await probeEngine(engine, { signal });
    if (!probe.works)
      throw new UserError(probe.mistake ?? { what: `the engine ${engine} does not work here: ${probe.reason}` });
  }
  const alone = await timedSteps(engine, [], signal);
  const name = alone.engine.name as EngineName;
  const sharing = engines[name].takesWholeMachine ? 1 : await sharingOf(name, alone, signal);
  return {
    formatVersion: 1,
    at: new Date(clock.nowMs()).toISOString(),
    engine: alone.engine,
    sharing,
    networks: [...alone.networks],
  };
}

async function sharingOf(engine: EngineName, alone: TimedSteps, signal: AbortSignal): Promise<number> {
  const cores = availableParallelism();
  if (cores === 1) return 1;
  // The second network: residual, as most that studies train.
  const together = await Promise.all(
    Array.from({ length: cores }, () => timedSteps(engine, ['--networks', '2'], signal)),
  );
  const seconds = mean(together.map(({ networks }) => networks[1]!.trainingSeconds));
  return Math.max(1, seconds / alone.networks[1]!.trainingSeconds);
}

async function timedSteps(engine: string, more: readonly string[], signal: AbortSignal): Promise<TimedSteps> {
  const answer = await askOwnProgram(['doctor', '--time-steps', engine, ...more], {
    signal,
    withinMs: ANSWER_WITHIN_MS,
  });
  if (answer.end === null) return JSON.parse(answer.text) as TimedSteps;
  throw new UserError({
    what: 'the calibration has measured nothing',
    received: `--engine ${engine}: ${answer.end}`,
    fix: 'see what works here: bakeoff doctor',
  });
}
