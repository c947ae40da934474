import { UserError } from '@bakeoff/core';
import {
  type Installed,
  installWasmKernels,
  type InstallOptions,
  isOutOfMemory,
  type KernelBuild,
  type NativeOption,
  NativeUnavailableError,
  type NativeWidth,
  wasmMemoryBytes,
} from '@bakeoff/wasm-kernels';
import { setBackend, version_core as coreVersion } from '@tensorflow/tfjs-core';
import v8 from 'node:v8';
import type { EngineImplementation } from './engine.ts';
import { namedExports } from './named-exports.ts';

/** Native kernels and relaxed SIMD fuse a multiplication with an addition; plain SIMD rounds between them. */
const roundings = { 'relaxed-simd': 'fused', simd: 'separate' } as const satisfies Record<KernelBuild, string>;

/** TensorFlow.js's WASM backend with our kernels, native or WebAssembly, on one core; runs wherever Node does. */
export const wasmEngine: EngineImplementation = {
  async load(build, { native }) {
    enableRelaxedSimd();
    const { version_wasm: backendVersion } = namedExports(await import('@tensorflow/tfjs-backend-wasm'));
    if (!(await setBackend('wasm'))) throw new Error('TensorFlow.js could not start its WASM backend');
    const installed = await install(build === undefined ? { native } : optionsOf(build));
    return {
      name: 'wasm',
      build: installed.native === null ? installed.build : `native-${installed.native}`,
      rounding: roundings[installed.build],
      ...(installed.native === null
        ? {
            shortfall: {
              why: `no native kernels: ${installed.whyNotNative}`,
              isFault: installed.isNativeFault,
              instead: 'WebAssembly computes instead, to the same result, but slower',
            },
          }
        : {}),
      versions: { 'tfjs-core': coreVersion, 'tfjs-backend-wasm': backendVersion },
      metricsInterval: 1,
      predictsInGroups: true,
      compiled: false,
      memoryBytes: wasmMemoryBytes,
    };
  },
  whyOutOfMemory: (error) => (isOutOfMemory(error) ? (error as Error).message : null),
};

/**
 * Node has it behind a flag before version 22. The flag works from inside the process if it is set before the first
 * module is compiled. So every way of starting a stage (by hand, as a child, in a container) computes with the same
 * kernels.
 */
function enableRelaxedSimd(): void {
  if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
}

function optionsOf(build: string): InstallOptions {
  if (!build.startsWith('native-')) return { build: build as KernelBuild, native: 'off' };
  return { build: 'relaxed-simd', native: build.slice('native-'.length) as NativeWidth };
}

async function install(options: InstallOptions): Promise<Installed> {
  try {
    return await installWasmKernels(options);
  } catch (error) {
    if (error instanceof NativeUnavailableError) throw unavailable(error);
    throw error;
  }
}

function unavailable({ width, why, allowed }: NativeUnavailableError): UserError {
  return new UserError({
    what: `the native kernels ${width} cannot be used here: ${why}`,
    received: width satisfies NativeOption,
    allowed: allowed.join(', '),
    fix: 'set BAKEOFF_NATIVE to one of the allowed values, or leave it unset',
  });
}
