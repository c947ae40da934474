import { installTensorflowKernels, isOutOfMemory } from '@bakeoff/tensorflow-kernels';
import { memory, removeBackend, setBackend, version_core as coreVersion } from '@tensorflow/tfjs-core';
import type { Engine, EngineImplementation } from './engine.ts';
import { engines, type PeerEngineName } from './engines.ts';
import { requireWorkingGpu } from './require-working-gpu.ts';
import { loadTensorflowPackage, unavailable } from './tensorflow-package.ts';

/** A read waits for the device; a GPU keeps working while steps are queued. */
const METRICS_INTERVAL = 20;

/** TensorFlow's C library through @tensorflow/tfjs-node or tfjs-node-gpu, which are optional peers. */
export function tensorflowEngine(name: PeerEngineName): EngineImplementation {
  return { load: () => loadTensorflowEngine(name), isOutOfMemory };
}

/** @throws UserError naming what is missing; for a GPU engine, also if the GPU does not compute. */
async function loadTensorflowEngine(engine: PeerEngineName): Promise<Engine> {
  const { usesGpu, peer } = engines[engine];
  const { version } = loadTensorflowPackage(engine);
  if (!(await setBackend('tensorflow')))
    throw unavailable(engine, 'its backend did not start', { allowed: peer.needs, fix: 'use --engine wasm' });
  const { libraryVersion, isGpu } = installTensorflowKernels();
  if (usesGpu) {
    try {
      await requireWorkingGpu(engine, { libraryVersion, isGpu });
    } catch (error) {
      // The backend of the other package has the same name.
      removeBackend('tensorflow');
      throw error;
    }
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
