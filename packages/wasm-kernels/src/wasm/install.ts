import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import path from 'node:path';
import { pairKernels, registerKernels } from '@bakeoff/kernels';
import { chooseNative } from '../native/choose-native.ts';
import type { NativeOption, NativeWidth } from '../native/native-options.ts';
import { batchNormKernels } from './batch-norm-kernels.ts';
import { convolutionKernels } from './convolution-kernels.ts';
import { convolutionNormKernels } from './convolution-norm-kernels.ts';
import { denseKernels } from './dense-kernels.ts';
import { elementwiseKernels } from './elementwise-kernels.ts';
import { depthwiseKernels } from './depthwise-kernels.ts';
import { poolingKernels } from './pooling-kernels.ts';
import { registerStockKernels } from './stock-kernels.ts';
import { trainingKernels } from './training-kernels.ts';
import { WasmAdapter } from './wasm-adapter.ts';
import { findWasmFolder, isReadable, readBuild, tfjsFileName } from './wasm-files.ts';
import type { KernelBuild } from './wasm-files.ts';

export interface InstallOptions {
  /** 'auto' (default): relaxed SIMD with fused multiply-add if the runtime accepts it, otherwise plain SIMD. */
  build?: KernelBuild | 'auto';
  /** Folder of the .wasm files; default: found relative to this module (the package's prebuilt/, or next to a bundle). */
  wasmFolder?: string;
  /**
   * 'auto' (default): native kernels as wide as this processor runs, in place on the WASM heap, where the build is
   * 'relaxed-simd' and a prebuilt addon fits; otherwise WebAssembly does everything. Results are the same bits.
   */
  native?: NativeOption;
  /** Folder of the native addons; default: found relative to this module (the package's prebuilt/, or next to a bundle). */
  nativeFolder?: string;
}

/** `native` is the instruction set of the native kernels; null if WebAssembly does everything. */
export type Installed = { readonly build: KernelBuild } & (
  | { readonly native: NativeWidth }
  | {
      readonly native: null;
      readonly whyNotNative: string;
      /** Whether they are missing or damaged, so that a user should be told. */
      readonly isNativeFault: boolean;
    }
);

let installed: WasmAdapter | undefined;

/**
 * Makes 'wasm' the current backend, single-threaded, and gives it training kernels: this package's, and
 * Conv2DBackpropFilter, faster convolutions and matrix products under TensorFlow.js's own names. @throws Error if
 * TensorFlow.js's private parts are not the expected ones, the .wasm files are missing, or the runtime does not accept
 * the requested build; NativeUnavailableError if the requested width cannot be used
 */
export async function installWasmKernels({
  build = 'auto',
  wasmFolder,
  native = 'auto',
  nativeFolder,
}: InstallOptions = {}): Promise<Installed> {
  const folder = await findWasmFolder(wasmFolder);
  const { startBackend } = await import('./start-backend.ts');
  await startBackend((await isReadable(path.join(folder, tfjsFileName))) ? folder + path.sep : null);
  const { build: chosen, module } = await readBuild(folder, build);
  const choice = chooseNative(native, chosen, nativeFolder);
  const adapter = new WasmAdapter(tf.backend(), module, choice);
  registerTrainingKernels(adapter);
  registerStockKernels(adapter);
  installed = adapter;
  return 'addon' in choice
    ? { build: chosen, native: choice.width }
    : { build: chosen, native: null, whyNotNative: choice.why, isNativeFault: choice.isFault };
}

function registerTrainingKernels(adapter: WasmAdapter): void {
  const singles = {
    ...convolutionKernels(adapter),
    ...denseKernels(adapter),
    ...elementwiseKernels(adapter),
    ...batchNormKernels(adapter),
    ...depthwiseKernels(adapter),
    ...poolingKernels(adapter),
    ...trainingKernels(adapter),
  };
  registerKernels<TensorInfo>('wasm', {
    ...singles,
    ...convolutionNormKernels(adapter, pairKernels<TensorInfo>(singles)),
  });
}

/** Size of the WASM heap, which grows and never shrinks: the peak memory of all tensors and scratch so far. */
export function wasmMemoryBytes(): number {
  if (!installed) throw new Error('wasmMemoryBytes needs installWasmKernels() first.');
  return installed.memoryBytes();
}
