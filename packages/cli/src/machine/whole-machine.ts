import { createRequire } from 'node:module';
import type { EngineName } from '@bakeoff/engine';
import { probeEngine } from './probe-engine.ts';

/** Whether one run keeps the machine busy: TensorFlow's library computes with every core or with the GPU, where the other engines take one core a run. */
export async function takesWholeMachine(engine: EngineName | 'auto', signal: AbortSignal): Promise<boolean> {
  if (engine !== 'auto') return engine === 'tensorflow' || engine === 'tensorflow-gpu';
  // The one of the two that `auto` prefers to wasm.
  return isInstalled('@tensorflow/tfjs-node-gpu') && (await probeEngine('tensorflow-gpu', { signal })).works;
}

/** Found as the engine finds it: beside this program, above it, or by NODE_PATH. */
function isInstalled(library: string): boolean {
  try {
    createRequire(import.meta.url).resolve(library);
    return true;
  } catch {
    return false;
  }
}
