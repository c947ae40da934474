import { MemoryStore, UserError } from '@bakeoff/core';
import { loadEngine } from '@bakeoff/engine';
import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { callTrainRun } from './testing/call-train-run.ts';
import { writeSampleDataset } from './testing/sample-dataset.ts';
import { sampleRun } from './testing/sample-run.ts';

/** A step begins with a clone of its images. */
const kernelName = 'Identity';
let original: KernelConfig | undefined;

function replaceKernel(config: KernelConfig): void {
  unregisterKernel(kernelName, 'cpu');
  registerKernel(config);
}

afterEach(() => replaceKernel(original!));

describe('a device without memory for a step', () => {
  it.each([
    [
      'tensorflow',
      'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[8,8,8,8] and type float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc',
    ],
    [
      'wasm',
      'Out of WASM memory: 12.0 MiB more do not fit next to 4090.0 MiB (limit 4 GiB). Use a smaller batch or model.',
    ],
  ] as const)(
    "ends the run with one message that names the batch size, after the engine %s's error",
    async (name, text) => {
      const store = new MemoryStore();
      const index = await writeSampleDataset(store, { train: 24, validation: 8 });
      await loadEngine('cpu');
      original = getKernel(kernelName, 'cpu');
      const kernelFunc = (): never => {
        throw new Error(text);
      };
      replaceKernel({ kernelName, backendName: 'cpu', kernelFunc });
      const failure: unknown = await callTrainRun({
        store,
        index,
        run: sampleRun(index),
        engine: 'cpu',
        changeEngine: (engine) => ({ ...engine, name }),
      }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UserError);
      const { parts } = failure as UserError;
      expect(parts.what).toContain('no memory for a step of this batch');
      expect(parts.received).toMatch(/^batchSize: 8 \(O/);
      expect(parts.fix).toContain('batchSize, 4 for instance');
    },
  );
});
