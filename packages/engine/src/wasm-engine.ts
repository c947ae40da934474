import { installWasmKernels, isOutOfMemory, type KernelBuild, wasmMemoryBytes } from '@bakeoff/wasm-kernels';
import { setBackend, version_core as coreVersion } from '@tensorflow/tfjs-core';
import type { EngineImplementation } from './engine.ts';
import { namedExports } from './named-exports.ts';

/** WebAssembly with SIMD, on one core; runs wherever Node does. */
export const wasmEngine: EngineImplementation = {
  async load(build) {
    const { version_wasm: backendVersion } = namedExports(await import('@tensorflow/tfjs-backend-wasm'));
    if (!(await setBackend('wasm'))) throw new Error('TensorFlow.js could not start its WASM backend');
    const installed = await installWasmKernels({ build: build as KernelBuild | undefined });
    return {
      name: 'wasm',
      build: installed.build,
      versions: { 'tfjs-core': coreVersion, 'tfjs-backend-wasm': backendVersion },
      metricsInterval: 1,
      memoryBytes: wasmMemoryBytes,
    };
  },
  isOutOfMemory,
};
