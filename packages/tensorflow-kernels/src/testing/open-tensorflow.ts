import { env, findBackend, setBackend } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { installTensorflowKernels } from '../install.ts';
import type { TensorflowBackend } from '../tensorflow-backend.ts';

/**
 * Makes TensorFlow the current backend with these kernels; undefined if @tensorflow/tfjs-node is not installed
 * (NODE_PATH may name its folder).
 */
export async function openTensorflow(): Promise<TensorflowBackend | undefined> {
  env().set('PROD', true);
  try {
    createRequire(import.meta.url)('@tensorflow/tfjs-node');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  } finally {
    env().set('PROD', false);
  }
  await setBackend('tensorflow');
  installTensorflowKernels();
  return findBackend('tensorflow') as unknown as TensorflowBackend;
}
