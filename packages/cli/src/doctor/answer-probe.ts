import { UserError } from '@bakeoff/core';
import { trialStep } from '@bakeoff/model';
import type { EngineName } from '@bakeoff/engine';
import { openEngine } from '../machine/open-engine.ts';
import type { EngineProbe } from '../machine/engine-probe.ts';

/**
 * Loads an engine and computes a training step's gradients on it, so that an engine that crashes does so in this
 * process.
 */
export async function answerProbe(engine: EngineName): Promise<EngineProbe> {
  try {
    const { build, versions, shortfall } = await openEngine(engine, () => undefined);
    const { loss, gradientNorm } = trialStep();
    if (Number.isFinite(loss) && Number.isFinite(gradientNorm))
      return { engine, works: true, build, versions, shortfall: shortfall?.why ?? null };
    return {
      engine,
      works: false,
      reason: `it loads, but its numbers are wrong: loss ${loss}, gradients of norm ${gradientNorm}`,
      fix: null,
    };
  } catch (error) {
    if (error instanceof UserError)
      return { engine, works: false, reason: reasonOf(error), fix: error.parts.fix ?? null, mistake: error.parts };
    return {
      engine,
      works: false,
      reason: (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '',
      fix: null,
    };
  }
}

/** Messages about an engine begin with its name, which is left out here because it is printed next to them. */
function reasonOf({ parts: { what, received } }: UserError): string {
  const reason = what.replace(/^the engine \S+ (is not available here|finds no GPU): /, '');
  return received === undefined || reason.includes(received) ? reason : `${reason}: ${received}`;
}
