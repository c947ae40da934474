import { loadEngine } from '@bakeoff/engine';
import { isInstalled } from '@bakeoff/engine/engines';
import { installTensorflowKernels } from '@bakeoff/tensorflow-kernels';
import {
  backend,
  getKernel,
  getKernelsForBackend,
  type KernelBackend,
  type KernelFunc,
  registerBackend,
  registerKernel,
  setBackend,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

export interface DispatchCounter {
  /** Whether libtensorflow itself runs the counted operations. */
  readonly real: boolean;
  /** Operations submitted to TensorFlow so far. */
  count(): number;
}

/**
 * Makes an engine current and counts the operations submitted to TensorFlow. They run on libtensorflow if it is
 * installed. Otherwise the engine wasm computes, and each of its kernel calls is also made to the TensorFlow kernels,
 * on a backend that counts operations and returns blanks.
 */
export async function openCounter(): Promise<DispatchCounter> {
  return isInstalled('tensorflow') ? countReal() : countBlank();
}

interface Executor {
  executeSingleOutput(...parameters: unknown[]): unknown;
  executeMultipleOutputs(...parameters: unknown[]): unknown;
}

async function countReal(): Promise<DispatchCounter> {
  await loadEngine('tensorflow');
  const executor = backend() as unknown as Executor;
  let count = 0;
  for (const name of ['executeSingleOutput', 'executeMultipleOutputs'] as const) {
    const execute = executor[name].bind(executor);
    executor[name] = (...parameters) => {
      count++;
      return execute(...parameters);
    };
  }
  return { real: true, count: () => count };
}

const nothing = (): void => undefined;
/** If kernels pass anything to each other, it is images: a convolution's output to batch norm. */
const blank = (): object => ({ dataId: {}, shape: [0, 0, 0, 0], rank: 4, size: 0, dtype: 'float32', dispose: nothing });

/** The backend members that the kernels check, with no backend behind them. */
function blankBackend(onDispatch: () => void): object {
  const binding: object = new Proxy({}, { get: (_, name) => (name === 'TF_Version' ? 'none' : 1) });
  return {
    binding,
    isUsingGpuDevice: false,
    tensorMap: { get: () => ({ values: null }) },
    write: () => ({}),
    incRef: nothing,
    disposeData: () => true,
    dispose: nothing,
    executeSingleOutput: () => (onDispatch(), blank()),
    createOutputTensor: blank,
    executeMultipleOutputs: (_op: string, _attributes: unknown, _inputs: unknown, outputs: number) => (
      onDispatch(),
      Array.from({ length: outputs }, blank)
    ),
  };
}

/** Stand-ins for tensors, the same each time for the same tensor, so that a variable keeps its identity. */
const standIns = new WeakMap<object, object>();

function standIn(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(standIn);
  const { dataId, shape, dtype, rank, size } = input as TensorInfo & { rank: number; size: number };
  let found = standIns.get(input as object);
  if (found === undefined)
    standIns.set(input as object, (found = { dataId, shape, dtype, rank, size, assign: nothing, dispose: nothing }));
  return found;
}

/** TensorFlow.js's own kernels are one operation each, except that a clone is none. */
const FREE = new Set(['Identity']);

async function countBlank(): Promise<DispatchCounter> {
  let count = 0;
  const add = (): void => void count++;
  registerBackend('tensorflow', () => blankBackend(add) as KernelBackend);
  await setBackend('tensorflow');
  installTensorflowKernels();
  await loadEngine('wasm');
  for (const { kernelName, kernelFunc } of getKernelsForBackend('wasm')) {
    const counted = getKernel(kernelName, 'tensorflow')?.kernelFunc;
    if (FREE.has(kernelName)) continue;
    unregisterKernel(kernelName, 'wasm');
    registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc:
        counted === undefined
          ? alsoCalling(add, kernelFunc)
          : alsoCalling((parameters) => counted({ ...parameters, inputs: mapInputs(parameters.inputs) }), kernelFunc),
    });
  }
  return { real: false, count: () => count };
}

let depth = 0;

/** Counts only calls from outside, not a kernel's calls of other kernels. */
function alsoCalling(counted: (parameters: Parameters<KernelFunc>[0]) => unknown, kernel: KernelFunc): KernelFunc {
  return (parameters) => {
    if (depth === 0) counted(parameters);
    depth++;
    try {
      return kernel(parameters);
    } finally {
      depth--;
    }
  };
}

function mapInputs(inputs: Parameters<KernelFunc>[0]['inputs']): Parameters<KernelFunc>[0]['inputs'] {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, standIn(input)]),
  ) as Parameters<KernelFunc>[0]['inputs'];
}
