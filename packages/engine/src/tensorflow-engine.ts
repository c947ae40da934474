import { installTensorflowKernels } from '@bakeoff/tensorflow-kernels';
import { memory, removeBackend, setBackend, version_core as coreVersion } from '@tensorflow/tfjs-core';
import type { Engine } from './engine.ts';
import { missingGpuLibrary } from './gpu-libraries.ts';
import {
  loadTensorflowPackage,
  missingLibrary,
  type TensorflowEngineName,
  tensorflowPackages,
  unavailable,
} from './tensorflow-package.ts';

/** A read waits for the device; a GPU works on while steps are queued. */
const METRICS_INTERVAL = 20;

/**
 * TensorFlow's C library through @tensorflow/tfjs-node or tfjs-node-gpu, which are optional peers.
 * @throws UserError saying what is missing; the GPU engine also where the library finds no GPU.
 */
export async function loadTensorflowEngine(engine: TensorflowEngineName): Promise<Engine> {
  const { specifier, needs } = tensorflowPackages[engine];
  const { version } = loadTensorflowPackage(engine);
  if (!(await setBackend('tensorflow')))
    throw unavailable(engine, 'its backend did not start', { allowed: needs, fix: 'use --engine wasm' });
  const { libraryVersion, isGpu } = installTensorflowKernels();
  if (engine === 'tensorflow-gpu' && !isGpu) {
    // Another package's backend has the same name.
    removeBackend('tensorflow');
    const library = missingGpuLibrary();
    if (library !== undefined) throw missingLibrary(engine, library);
    throw unavailable(engine, 'TensorFlow found no GPU', {
      received: 'driver and CUDA are there, and TensorFlow started on the processor',
      allowed: needs,
      fix: "look at nvidia-smi and at CUDA_VISIBLE_DEVICES; in a container, give it the GPU (docker's --gpus all); or use --engine tensorflow or wasm",
    });
  }
  return {
    name: engine,
    build: `TensorFlow ${libraryVersion}, ${isGpu ? 'GPU' : 'CPU'}`,
    versions: {
      'tfjs-core': coreVersion,
      [specifier.replace('@tensorflow/', '')]: version['tfjs-node'] ?? coreVersion,
      tensorflow: libraryVersion,
    },
    metricsInterval: METRICS_INTERVAL,
    memoryBytes: () => memory().numBytes,
  };
}
