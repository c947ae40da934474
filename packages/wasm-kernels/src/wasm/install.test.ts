import * as tf from '@tensorflow/tfjs-core';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { installWasmKernels } from './install.ts';
import { checkTfjsSurface } from './tfjs-surface.ts';

describe('installWasmKernels', () => {
  it('makes wasm the backend and can be called again', async () => {
    const first = await installWasmKernels();
    expect(tf.getBackend()).toBe('wasm');
    expect(await installWasmKernels()).toEqual(first);
  });

  it('names the folder that holds no kernels', async () => {
    await expect(installWasmKernels({ wasmFolder: tmpdir() })).rejects.toThrow(`No kernels-simd.wasm in ${tmpdir()}`);
  });

  it('refuses a build that the runtime does not accept', async () => {
    const [major = 0] = process.versions.node.split('.').map(Number);
    if (major >= 22) return;
    await expect(installWasmKernels({ build: 'relaxed-simd' })).rejects.toThrow('--experimental-wasm-relaxed-simd');
  });
});

describe('checkTfjsSurface', () => {
  it('names the private member that a changed TensorFlow.js lacks', () => {
    expect(() => checkTfjsSurface({})).toThrow('wasm.HEAPU8.length is missing');
    const backend = tf.backend() as unknown as { wasm: object };
    expect(() => checkTfjsSurface({ wasm: { ...backend.wasm, _malloc: undefined } })).toThrow(
      'wasm._malloc is missing',
    );
  });

  it('notices an incRef that does not count', async () => {
    await installWasmKernels();
    const changed = Object.assign(Object.create(tf.backend()) as object, { incRef: () => undefined });
    expect(() => checkTfjsSurface(changed)).toThrow('incRef does not count');
  });
});
