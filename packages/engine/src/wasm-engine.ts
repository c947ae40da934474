import { installWasmKernels, wasmMemoryBytes } from '@bakeoff/wasm-kernels';
import { setBackend, version_core as coreVersion } from '@tensorflow/tfjs-core';
import type { Engine } from './engine.ts';
import { namedExports } from './named-exports.ts';

/** WebAssembly with SIMD on one core; runs wherever Node does. */
export async function loadWasmEngine(build: 'auto' | 'simd' | 'relaxed-simd' = 'auto'): Promise<Engine> {
  const { version_wasm: backendVersion } = namedExports(await import('@tensorflow/tfjs-backend-wasm'));
  if (!(await setBackend('wasm'))) throw new Error('TensorFlow.js could not start its WASM backend');
  const installed = await installWasmKernels({ build });
  return {
    name: 'wasm',
    build: installed.build,
    versions: { 'tfjs-core': coreVersion, 'tfjs-backend-wasm': backendVersion },
    metricsInterval: 1,
    memoryBytes: wasmMemoryBytes,
  };
}
