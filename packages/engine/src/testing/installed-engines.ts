import { type EngineName, engineNames, engines, isInstalled } from '../engines.ts';

/** CPU engines whose optional package is installed: `tensorflow`, or none. */
export const installedPeerEngines: readonly EngineName[] = engineNames.filter(
  (name) => engines[name].peer !== null && !engines[name].usesGpu && isInstalled(name),
);
