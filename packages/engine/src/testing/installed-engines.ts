import { nativeWidthsHere } from '@bakeoff/wasm-kernels/testing';
import { type EngineName, engineNames, engines, isInstalled } from '../engines.ts';

/** CPU engines whose optional package is installed: `tensorflow`, or none. */
export const installedPeerEngines: readonly EngineName[] = engineNames.filter(
  (name) => engines[name].peer !== null && !engines[name].usesGpu && isInstalled(name),
);

/** The builds of the engine wasm with native kernels that this machine runs. */
export const nativeBuilds: readonly string[] = nativeWidthsHere.map((width) => `native-${width}`);

export { testedNative } from '@bakeoff/wasm-kernels/testing';
