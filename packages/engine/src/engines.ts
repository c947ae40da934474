import { createRequire } from 'node:module';
import { describeGpuBuild, gpuBuilds } from './gpu-builds.ts';

export { type NativeOption, nativeOptions } from '@bakeoff/wasm-kernels/native-options';

// The CLI reads this table at every start (`@bakeoff/engine/engines`), so nothing here imports TensorFlow.js.

/** What is known about an engine without loading it. */
export interface EngineFacts {
  /**
   * `auto` tries the lowest first, which is the fastest (docs/performance.md: on a CPU, wasm is faster than
   * TensorFlow's library).
   */
  readonly priority: number;
  /** Whether `auto` may take it. The others are slow and meant for checks. */
  readonly automatic: boolean;
  /** Computes on an NVIDIA GPU. */
  readonly usesGpu: boolean;
  /** One run keeps the whole machine busy, using every core or the GPU. The other engines use one core per run. */
  readonly takesWholeMachine: boolean;
  /** Whether each thread of a process can have one, so that a run can have replicas. */
  readonly replicable: boolean;
  /** Whether a step can be one call of its library, and can be compiled by XLA: `Engine.createRecorder`. */
  readonly recordsSteps: boolean;
  /** The optional package that it loads, and what that package needs; null if the engine comes with Bakeoff. */
  readonly peer: { readonly package: string; readonly needs: string } | null;
  /** The builds of its kernels, each with what it means that this Node can run it; empty if there is only one build. */
  readonly builds: Readonly<Record<string, string>>;
}

export const engines = {
  'tensorflow-gpu': {
    priority: 1,
    automatic: true,
    usesGpu: true,
    takesWholeMachine: true,
    replicable: false,
    recordsSteps: true,
    peer: {
      package: '@tensorflow/tfjs-node-gpu',
      needs: `x86-64 Linux and an NVIDIA GPU, with ${gpuBuilds.map(describeGpuBuild).join('; or ')}`,
    },
    builds: {},
  },
  wasm: {
    priority: 2,
    automatic: true,
    usesGpu: false,
    takesWholeMachine: false,
    replicable: true,
    recordsSteps: false,
    peer: null,
    builds: {
      'native-avx512': "runs native kernels with AVX-512, and WebAssembly's relaxed SIMD",
      'native-avx2': "runs native kernels with AVX2, and WebAssembly's relaxed SIMD",
      'native-neon': "runs native kernels with NEON, and WebAssembly's relaxed SIMD",
      'relaxed-simd': "runs WebAssembly's SIMD and relaxed SIMD",
      simd: "runs WebAssembly's SIMD, but not relaxed SIMD (fused multiply-add): a newer Node would train faster",
    },
  },
  tensorflow: {
    priority: 3,
    automatic: true,
    usesGpu: false,
    takesWholeMachine: true,
    replicable: false,
    recordsSteps: true,
    peer: { package: '@tensorflow/tfjs-node', needs: "libtensorflow's CPU build" },
    builds: {},
  },
  cpu: {
    priority: 4,
    automatic: false,
    usesGpu: false,
    takesWholeMachine: false,
    replicable: true,
    recordsSteps: false,
    peer: null,
    builds: {},
  },
} as const satisfies Readonly<Record<string, EngineFacts>>;

export type EngineName = keyof typeof engines;

/** The engines that load an optional package. */
export type PeerEngineName = {
  [Name in EngineName]: (typeof engines)[Name]['peer'] extends null ? never : Name;
}[EngineName];

/** Sorted by priority. */
export const engineNames: readonly EngineName[] = (Object.keys(engines) as EngineName[]).toSorted(
  (a, b) => engines[a].priority - engines[b].priority,
);

/** The engines that `auto` tries, in order. */
export const automaticEngines: readonly EngineName[] = engineNames.filter((name) => engines[name].automatic);

export const replicableEngines: readonly EngineName[] = engineNames.filter((name) => engines[name].replicable);

/** The engine to request for training a run: `auto` takes the first, but replicas need an engine that has them. */
export function engineForTraining(asked: EngineName | 'auto', replicas: number): EngineName | 'auto' {
  if (asked !== 'auto' || replicas === 1) return asked;
  return automaticEngines.find((name) => engines[name].replicable) ?? 'auto';
}

/**
 * Whether an engine's package is installed: in a node_modules folder next to this program or above it, or in a folder
 * of NODE_PATH.
 */
export function isInstalled(name: EngineName): boolean {
  const { peer } = engines[name];
  if (peer === null) return true;
  try {
    createRequire(import.meta.url).resolve(peer.package);
    return true;
  } catch {
    return false;
  }
}
