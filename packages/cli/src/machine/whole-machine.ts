import type { EngineName } from '@bakeoff/engine';
import { automaticEngines, engines, isInstalled } from '@bakeoff/engine/engines';
import { probeEngine } from './probe-engine.ts';

/** Whether one run keeps the machine busy: TensorFlow's library computes with every core or with the GPU, where the other engines take one core per run. */
export async function takesWholeMachine(engine: EngineName | 'auto', signal: AbortSignal): Promise<boolean> {
  if (engine !== 'auto') return engines[engine].takesWholeMachine;
  for (const name of automaticEngines) {
    // What comes with Bakeoff works wherever it runs; a package may be installed and lack its library.
    const works = engines[name].peer === null || (isInstalled(name) && (await probeEngine(name, { signal })).works);
    if (works) return engines[name].takesWholeMachine;
  }
  return false;
}
