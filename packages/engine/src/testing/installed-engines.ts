import { type EngineName, engineNames, engines, isInstalled } from '../engines.ts';

/** Engines on the processor whose optional package is here: `tensorflow`, or none. */
export const installedPeerEngines: readonly EngineName[] = engineNames.filter(
  (name) => engines[name].peer !== null && !engines[name].usesGpu && isInstalled(name),
);
