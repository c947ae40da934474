import { registerComposedKernels } from '@bakeoff/kernels';
import { enableProdMode, memory, setBackend, version_core as coreVersion } from '@tensorflow/tfjs-core';
import type { EngineImplementation } from './engine.ts';
import { namedExports } from './named-exports.ts';

/** Plain JavaScript with kernels composed of TensorFlow.js's operations: slow, and the oracle of the other engines. */
export const cpuEngine: EngineImplementation = {
  async load() {
    const { version_cpu: backendVersion } = namedExports(await import('@tensorflow/tfjs-backend-cpu'));
    // Without this, its first use advertises tfjs-node on standard error.
    enableProdMode();
    await setBackend('cpu');
    registerComposedKernels('cpu');
    return {
      name: 'cpu',
      build: 'javascript',
      rounding: 'cpu',
      versions: { 'tfjs-core': coreVersion, 'tfjs-backend-cpu': backendVersion },
      metricsInterval: 1,
      predictsInGroups: true,
      compiled: false,
      memoryBytes: () => memory().numBytes,
    };
  },
  // V8 ends the process.
  whyOutOfMemory: () => null,
};
