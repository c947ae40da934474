import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { expect, it } from 'vitest';
import { installWasmKernels } from '../src/index.ts';
import { train } from './layers-resnet.ts';

it('trains a tf.layers network on the WASM backend, which cannot do so alone', async () => {
  await tf.setBackend('wasm');
  await expect(train(1)).rejects.toThrow('Conv2DBackpropFilter');
  await installWasmKernels();
  const losses = await train(4);
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(losses.at(-1)).toBeLessThan(0.6 * (losses[0] ?? 0));
});
