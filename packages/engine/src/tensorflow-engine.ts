import { installTensorflowKernels, isOutOfMemory } from '@bakeoff/tensorflow-kernels';
import { memory, removeBackend, setBackend, version_core as coreVersion } from '@tensorflow/tfjs-core';
import type { Engine, EngineImplementation } from './engine.ts';
import { engines, type PeerEngineName } from './engines.ts';
import { missingGpuLibrary } from './gpu-libraries.ts';
import { loadTensorflowPackage, missingLibrary, unavailable } from './tensorflow-package.ts';

/** A read waits for the device; a GPU keeps working while steps are queued. */
const METRICS_INTERVAL = 20;

/** TensorFlow's C library through @tensorflow/tfjs-node or tfjs-node-gpu, which are optional peers. */
export function tensorflowEngine(name: PeerEngineName): EngineImplementation {
  return { load: () => loadTensorflowEngine(name), isOutOfMemory };
}

/** @throws UserError naming what is missing; for a GPU engine, also if the library finds no GPU. */
async function loadTensorflowEngine(engine: PeerEngineName): Promise<Engine> {
  const { usesGpu, peer } = engines[engine];
  const { version } = loadTensorflowPackage(engine);
  if (!(await setBackend('tensorflow')))
    throw unavailable(engine, 'its backend did not start', { allowed: peer.needs, fix: 'use --engine wasm' });
  const { libraryVersion, isGpu } = installTensorflowKernels();
  if (usesGpu && !isGpu) {
    // The backend of the other package has the same name.
    removeBackend('tensorflow');
    const library = missingGpuLibrary();
    if (library !== undefined) throw missingLibrary(engine, library);
    throw unavailable(engine, 'TensorFlow found no GPU', {
      received: 'driver and CUDA are there, and TensorFlow started on the processor',
      allowed: peer.needs,
      fix: "look at nvidia-smi and at CUDA_VISIBLE_DEVICES; in a container, give it the GPU (docker's --gpus all); or use --engine tensorflow or wasm",
    });
  }
  return {
    name: engine,
    build: `TensorFlow ${libraryVersion}, ${isGpu ? 'GPU' : 'CPU'}`,
    rounding: engine,
    versions: {
      'tfjs-core': coreVersion,
      [peer.package.replace('@tensorflow/', '')]: version['tfjs-node'] ?? coreVersion,
      tensorflow: libraryVersion,
    },
    metricsInterval: METRICS_INTERVAL,
    memoryBytes: () => memory().numBytes,
  };
}
