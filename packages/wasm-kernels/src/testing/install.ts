import { setFlagsFromString } from 'node:v8';
import { type Installed, installWasmKernels, type InstallOptions } from '../index.ts';
import { testedNative } from './tested-native.ts';

// Node 20 has relaxed SIMD behind a flag; native kernels go with it alone.
setFlagsFromString('--experimental-wasm-relaxed-simd');

/** Installs the kernels that BAKEOFF_NATIVE asks for: the extended checks run these tests with each. */
export async function installTestedKernels(build?: InstallOptions['build']): Promise<Installed> {
  return installWasmKernels({ build, native: build === 'simd' ? 'off' : testedNative });
}
