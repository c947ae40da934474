// A module of its own, imported only by installWasmKernels: other engines never load the backend. (A dynamic import of
// the CommonJS package itself would give bundlers only its default export.)
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ready, setBackend } from '@tensorflow/tfjs-core';

/**
 * Makes 'wasm' the current backend, single-threaded; `folder` holds TensorFlow.js's .wasm file, null if it is next to
 * TensorFlow.js's own code.
 */
export async function startBackend(folder: string | null): Promise<void> {
  setThreadsCount(1);
  if (folder !== null) setWasmPaths(folder);
  if (!(await setBackend('wasm'))) throw new Error('TensorFlow.js could not start its WASM backend.');
  await ready();
}
