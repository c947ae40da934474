import { UserError } from '@bakeoff/core';
import { env, version_core as coreVersion } from '@tensorflow/tfjs-core';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadTensorflowPackage } from './tensorflow-package.ts';

const folder = mkdtempSync(join(tmpdir(), 'bakeoff-peers-'));
const nodePath = process.env['NODE_PATH'];
const place = join(folder, '@tensorflow/tfjs-node-gpu');
mkdirSync(place, { recursive: true });
writeFileSync(join(place, 'index.js'), 'module.exports = globalThis.bakeoffFakePackage();');
const requireHere = createRequire(import.meta.url);
// Searched before the installed packages. The messages are those of real failures, which the extended checks provoke.
useNodePath(folder);

function useNodePath(path: string): void {
  process.env['NODE_PATH'] = path;
  (Module as unknown as { _initPaths(): void })._initPaths();
}

afterAll(() => {
  useNodePath(nodePath ?? '');
  rmSync(folder, { recursive: true });
});

/** What the package's module does when it is loaded; a module that throws is loaded again the next time. */
function load(evaluate: () => unknown): UserError | undefined {
  Object.assign(globalThis, { bakeoffFakePackage: evaluate });
  try {
    loadTensorflowPackage('tensorflow-gpu');
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  } finally {
    for (const key of Object.keys(requireHere.cache)) if (key.startsWith(place)) delete requireHere.cache[key];
  }
}

const failing = (message: string) => (): never => {
  throw Object.assign(new Error(message), { code: 'ERR_DLOPEN_FAILED' });
};

const allowed = (file: string) => load(failing(`${file}: cannot open shared object file`))!.parts.allowed;

describe('loading a TensorFlow package', () => {
  it('accepts our version of TensorFlow.js, and restores what it needs from node:util', () => {
    env().set('PROD', false);
    expect(
      load(() => {
        const found = requireHere('util') as Record<'isNullOrUndefined' | 'isArray', (value: unknown) => boolean>;
        expect([found.isNullOrUndefined(undefined), found.isNullOrUndefined(0), found.isArray([])]).toEqual([
          true,
          false,
          true,
        ]);
        expect(env().getBool('PROD')).toBe(true);
        return { version: { 'tfjs-core': coreVersion } };
      }),
    ).toBeUndefined();
    expect(env().getBool('PROD')).toBe(false);
  });

  it('refuses another version, whose copy of tfjs-core would share our engine', () => {
    const { parts } = load(() => ({ version: { 'tfjs-core': '4.21.0' } }))!;
    expect(parts).toMatchObject({ received: '4.21.0', allowed: coreVersion });
  });

  it.each([
    ["Cannot find module 'long'", 'does not load', "Cannot find module 'long'"],
    [
      'The Node.js native addon module (tfjs_binding.node) can not be found at path: /x/tfjs_binding.node. \nPlease run command',
      'native binding of @tensorflow/tfjs-node-gpu was not built',
      'no file /x/tfjs_binding.node',
    ],
    [
      'libtensorflow.so.2: cannot open shared object file: No such file or directory',
      'libtensorflow is missing',
      'libtensorflow.so.2 cannot be opened',
    ],
    [
      'libtensorflow_cc.so.2: cannot open shared object file: No such file or directory',
      'libtensorflow is missing',
      'libtensorflow_cc.so.2 cannot be opened',
    ],
    [
      'libcudart.so.11.0: cannot open shared object file: No such file or directory',
      'CUDA is missing or of another version',
      'libcudart.so.11.0 cannot be opened',
    ],
    [
      'libcudnn.so.8: cannot open shared object file: No such file or directory',
      'cuDNN is missing or of another version',
      'libcudnn.so.8 cannot be opened',
    ],
    [
      'libcuda.so.1: cannot open shared object file: No such file or directory',
      'the NVIDIA driver is missing',
      'libcuda.so.1 cannot be opened',
    ],
    [
      'libstdc++.so.6: cannot open shared object file: No such file or directory',
      'a shared library is missing',
      'libstdc++.so.6 cannot be opened',
    ],
    [
      '/x/tfjs_binding.node: undefined symbol: TFE_NewOp',
      'does not load',
      '/x/tfjs_binding.node: undefined symbol: TFE_NewOp',
    ],
  ])('explains the failure "%s"', (message, what, received) => {
    const { parts } = load(failing(message))!;
    expect(parts.what).toContain('the engine tensorflow-gpu is not available here: ');
    expect(parts.what).toContain(what);
    expect(parts.received).toBe(received);
    expect(parts.fix).toContain('--engine wasm');
  });

  it('names the CUDA of the libtensorflow that opens a library of this name, or all that could be meant', () => {
    expect(allowed('libcublas.so.11')).toBe(
      'CUDA 11.2 to 11.8, cuDNN 8 and driver 450.80.02 or newer for libtensorflow 2.9',
    );
    expect(allowed('libcudnn.so.9')).toBe(
      'CUDA 12, cuDNN 9 (9.3 or newer) and driver 525.60.13 or newer for libtensorflow 2.21',
    );
    expect(allowed('libcusolver.so.11')).toMatch(/CUDA 12.*CUDA 11\.2 to 11\.8/);
  });
});
