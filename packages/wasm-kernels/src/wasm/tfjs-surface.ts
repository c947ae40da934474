import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmMemory } from './web-assembly.ts';

interface TensorData {
  id: number;
  memoryOffset: number;
  refCount: number;
}

/** The part of TensorFlow.js's private WASM backend that this package depends on (version 4.22). */
export interface TfjsWasmBackend {
  wasm: {
    /** A fresh view after each growth of the memory; older ones have length 0. */
    HEAPU8: Uint8Array;
    asm: { memory: WasmMemory };
    _malloc(bytes: number): number;
    _free(address: number): void;
    tfjs: {
      registerTensor(id: number, size: number, memoryOffset: number): void;
      disposeData(id: number): void;
    };
  };
  dataIdMap: { get(dataId: object): TensorData };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  incRef(dataId: object): void;
  refCount(dataId: object): number;
  disposeData(dataId: object): boolean;
  readSync(dataId: object): Float32Array;
}

const VERSION = '4.22.0';

function changed(what: string): Error {
  return new Error(
    `The WASM backend of TensorFlow.js is not that of version ${VERSION}: ${what}. Install @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm ${VERSION}.`,
  );
}

const members = {
  'wasm.HEAPU8.length': 'number',
  'wasm.asm.memory.grow': 'function',
  'wasm._malloc': 'function',
  'wasm._free': 'function',
  'wasm.tfjs.registerTensor': 'function',
  'wasm.tfjs.disposeData': 'function',
  'dataIdMap.get': 'function',
  makeOutput: 'function',
  incRef: 'function',
  refCount: 'function',
  disposeData: 'function',
  readSync: 'function',
};

function valueAt(root: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], root);
}

/** Checks that a backend object has every private member used here, and that each still behaves as expected. */
export function checkTfjsSurface(backend: unknown): TfjsWasmBackend {
  for (const [path, type] of Object.entries(members))
    if (typeof valueAt(backend, path) !== type) throw changed(`${path} is missing`);
  const surface = backend as TfjsWasmBackend;
  checkTensorLife(surface);
  return surface;
}

/** A tensor written at its offset reads back, counts its references, and is freed when the last one is gone. */
function checkTensorLife(backend: TfjsWasmBackend): void {
  const info = backend.makeOutput([3], 'float32');
  const { id, memoryOffset } = backend.dataIdMap.get(info.dataId);
  if (!Number.isInteger(id) || !Number.isInteger(memoryOffset) || memoryOffset <= 0)
    throw changed('a tensor has no id or memory offset');
  if (backend.wasm.HEAPU8.buffer !== backend.wasm.asm.memory.buffer)
    throw changed('HEAPU8 is not a view of wasm.asm.memory');
  new Float32Array(backend.wasm.HEAPU8.buffer, memoryOffset, 3).set([1, -2, 3]);
  if (backend.readSync(info.dataId).join() !== '1,-2,3')
    throw changed('a value written at the memory offset does not read back');
  backend.incRef(info.dataId);
  if (backend.refCount(info.dataId) !== 2) throw changed('incRef does not count a reference');
  if (backend.disposeData(info.dataId) || !backend.disposeData(info.dataId))
    throw changed('disposeData does not count references');
}
