import type { EngineName } from '@bakeoff/engine';
import { automaticEngines, engines, isInstalled } from '@bakeoff/engine/engines';
import { probeEngine } from './probe-engine.ts';

/**
 * Whether one run keeps the machine busy: TensorFlow's library computes with every core or with the GPU, whereas the
 * other engines use one core per run.
 */
export async function takesWholeMachine(engine: EngineName | 'auto', signal: AbortSignal): Promise<boolean> {
  if (engine !== 'auto') return engines[engine].takesWholeMachine;
  for (const name of automaticEngines) {
    // Engines that come with Bakeoff work everywhere; an optional package may be installed without its library.
    const works = engines[name].peer === null || (isInstalled(name) && (await probeEngine(name, { signal })).works);
    if (works) return engines[name].takesWholeMachine;
  }
  return false;
}
