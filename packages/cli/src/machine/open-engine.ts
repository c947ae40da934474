import v8 from 'node:v8';
import type { StageContext } from '@bakeoff/core';
import { type Engine, type EngineName, loadEngine } from '@bakeoff/engine';
import { engines } from '@bakeoff/engine/engines';
import { requireGpu } from './require-gpu.ts';

/**
 * Loads the engine with WebAssembly's relaxed SIMD enabled, which is behind a flag in Node 20 and on by default from
 * 22. The flag works from inside the process if it is set before the first module is compiled. So every way of starting
 * a stage (by hand, as a child, in a container) computes with the same kernels.
 */
export async function openEngine(name: EngineName | 'auto', log: StageContext['log']): Promise<Engine> {
  if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  // CUDA then numbers devices as nvidia-smi does, so that measurements name the GPU that computes.
  process.env['CUDA_DEVICE_ORDER'] ??= 'PCI_BUS_ID';
  // TensorFlow allocates GPU memory as it needs it, so that another process can share the GPU, and prints no notices.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  if (name !== 'auto' && engines[name].usesGpu) await requireGpu(name);
  return loadEngine(name, { log });
}
