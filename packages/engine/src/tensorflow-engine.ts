import { UserError } from '@bakeoff/core';
import { installTensorflowKernels, isOutOfMemory, wordsOfError } from '@bakeoff/tensorflow-kernels';
import { memory, removeBackend, setBackend, version_core as coreVersion } from '@tensorflow/tfjs-core';
import type { Engine, EngineImplementation, EngineSettings } from './engine.ts';
import { engines, type PeerEngineName } from './engines.ts';
import { requireWorkingGpu } from './require-working-gpu.ts';
import { loadTensorflowPackage, unavailable } from './tensorflow-package.ts';

/** A read waits for the device; a GPU keeps working while steps are queued. */
const METRICS_INTERVAL = 20;

const STOCK_BINDING = 'this binding of TensorFlow cannot run a step as one call (it lacks addFunction)';
const EAGER_INSTEAD =
  'each operation is a call, to the same result, but slower; the image bakeoff-gpu has a binding that can, and docs/gpu.md says how to build one';

/** @throws UserError if steps cannot be compiled here */
function requireXla(
  engine: PeerEngineName,
  { hasFunctions, check }: { readonly hasFunctions: boolean; readonly check: () => string | null },
): void {
  const received = hasFunctions ? check() : STOCK_BINDING;
  if (received === null) return;
  throw new UserError({
    what: `XLA is not available here on the engine ${engine}`,
    received,
    allowed: "a TensorFlow library with XLA for this device, and Bakeoff's build of the binding",
    fix: 'leave out --xla and BAKEOFF_XLA, or use the image bakeoff-gpu (docs/gpu.md)',
  });
}

/** TensorFlow's C library through @tensorflow/tfjs-node or tfjs-node-gpu, which are optional peers. */
export function tensorflowEngine(name: PeerEngineName): EngineImplementation {
  return {
    load: (_build, settings) => loadTensorflowEngine(name, settings),
    whyOutOfMemory: (error) => (isOutOfMemory(error) ? wordsOfError(error as Error) : null),
  };
}

/** @throws UserError naming what is missing; for a GPU engine, also if the GPU does not compute. */
async function loadTensorflowEngine(engine: PeerEngineName, { xla, eager, warn }: EngineSettings): Promise<Engine> {
  const { usesGpu, peer } = engines[engine];
  const { version } = loadTensorflowPackage(engine);
  if (!(await setBackend('tensorflow')))
    throw unavailable(engine, 'its backend did not start', { allowed: peer.needs, fix: 'use --engine wasm' });
  const { libraryVersion, isGpu, createRecorder, checkXla } = installTensorflowKernels();
  if (usesGpu) {
    try {
      await requireWorkingGpu(engine, { libraryVersion, isGpu });
    } catch (error) {
      // The backend of the other package has the same name.
      removeBackend('tensorflow');
      throw error;
    }
  }
  if (xla) requireXla(engine, { hasFunctions: createRecorder !== null, check: checkXla });
  return {
    name: engine,
    build: `TensorFlow ${libraryVersion}, ${isGpu ? 'GPU' : 'CPU'}${xla ? ', XLA' : ''}`,
    rounding: engine,
    versions: {
      'tfjs-core': coreVersion,
      [peer.package.replace('@tensorflow/', '')]: version['tfjs-node'] ?? coreVersion,
      tensorflow: libraryVersion,
    },
    metricsInterval: METRICS_INTERVAL,
    predictsInGroups: false,
    compiled: xla,
    ...(createRecorder === null
      ? { shortfall: { why: STOCK_BINDING, isFault: true, instead: EAGER_INSTEAD } }
      : eager
        ? {}
        : { createRecorder: () => createRecorder({ xla, warn }) }),
    memoryBytes: () => memory().numBytes,
  };
}
