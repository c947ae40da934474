import type { StageContext } from '@bakeoff/core';
import { type Engine, type EngineName, loadEngine } from '@bakeoff/engine';
import { engines } from '@bakeoff/engine/engines';
import { readNativeSetting } from './native-setting.ts';
import { requireGpu } from './require-gpu.ts';
import { prepareXla, readXlaSetting } from './xla-setting.ts';

/** Loads the engine as the environment asks: BAKEOFF_NATIVE, BAKEOFF_XLA, and what the libraries of engines read. */
export async function openEngine(name: EngineName | 'auto', log: StageContext['log']): Promise<Engine> {
  // CUDA then numbers devices as nvidia-smi does, so that measurements name the GPU that computes.
  process.env['CUDA_DEVICE_ORDER'] ??= 'PCI_BUS_ID';
  // TensorFlow allocates GPU memory as it needs it, so that another process can share the GPU, and prints no notices.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  if (name !== 'auto' && engines[name].usesGpu) await requireGpu(name);
  const xla = readXlaSetting(process.env);
  if (xla) prepareXla(process.env);
  return loadEngine(name, { log, native: readNativeSetting(process.env), xla });
}
