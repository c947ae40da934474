import { UserError } from '@bakeoff/core';
import { registerComposedKernels } from '@bakeoff/wasm-kernels';
import { backend, memory, setBackend, version_core as coreVersion } from '@tensorflow/tfjs-core';
import type { Engine } from './engine.ts';

const packages = {
  tensorflow: { name: 'tfjs-node', needs: "libtensorflow's CPU build" },
  'tensorflow-gpu': { name: 'tfjs-node-gpu', needs: 'an NVIDIA GPU with its driver, CUDA 11.2–11.8 and cuDNN 8, on x86-64' },
} as const;

/** The parts of tfjs-node's module and backend that are read here. */
interface TensorflowModule {
  readonly version: Readonly<Record<string, string>>;
}

interface TensorflowBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding?: { readonly TF_Version?: string };
}

async function importPeer(engine: keyof typeof packages): Promise<TensorflowModule> {
  const { name, needs } = packages[engine];
  // Assembled, so that bundlers leave the optional peer to be found at run time.
  const specifier = ['@tensorflow', name].join('/');
  try {
    const imported = (await import(specifier)) as TensorflowModule & { readonly default?: TensorflowModule };
    return imported.default ?? imported;
  } catch (error) {
    const [firstLine] = (error as Error).message.split('\n');
    throw new UserError(
      { what: `the engine ${engine} is not available here: ${specifier} does not load`, received: firstLine ?? '', allowed: `${specifier} 4.22.0 and ${needs}`, fix: `npm install ${specifier}@4.22.0, or use --engine wasm` },
      { cause: error },
    );
  }
}

/**
 * TensorFlow's C library through @tensorflow/tfjs-node or tfjs-node-gpu, which are optional peers.
 * @throws UserError saying what is missing; the GPU engine also where the library finds no GPU.
 */
export async function loadTensorflowEngine(engine: keyof typeof packages): Promise<Engine> {
  const peer = await importPeer(engine);
  if (!(await setBackend('tensorflow'))) throw new UserError({ what: `the engine ${engine} is not available here: its backend did not start`, allowed: packages[engine].needs, fix: 'use --engine wasm' });
  const { isUsingGpuDevice, binding } = backend() as unknown as TensorflowBackend;
  if (engine === 'tensorflow-gpu' && !isUsingGpuDevice) {
    throw new UserError({ what: 'the engine tensorflow-gpu found no GPU', received: 'TensorFlow started on the processor', allowed: packages[engine].needs, fix: 'check nvidia-smi and the CUDA libraries on the library path, or use --engine tensorflow or wasm' });
  }
  registerComposedKernels('tensorflow');
  const library = binding?.TF_Version ?? peer.version['tensorflow'] ?? 'unknown';
  return {
    name: engine,
    build: `TensorFlow ${library}, ${isUsingGpuDevice ? 'GPU' : 'CPU'}`,
    versions: { 'tfjs-core': coreVersion, [packages[engine].name]: peer.version['tfjs-node'] ?? peer.version['tfjs'] ?? coreVersion, tensorflow: library },
    metricsInterval: 20,
    memoryBytes: () => memory().numBytes,
  };
}
