import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adamUpdate, conv2d, conv2dGradFilter } from '@bakeoff/kernels';
import { tensor4d } from '@bakeoff/kernels/testing';
import { wasmMemoryBytes } from '../index.ts';
import { installTestedKernels } from '../testing/install.ts';
import { nativeWidthsHere } from '../testing/tested-native.ts';
import { installWasmKernels } from '../wasm/install.ts';
import type { NativeOption } from './native-options.ts';

beforeAll(async () => void (await installTestedKernels()));

/** A filter after three steps of Adam; before the second, the heap grows. */
async function trainedAcrossGrowth(native: NativeOption): Promise<{ filter: number[]; growth: number }> {
  await installWasmKernels({ native });
  const window = { stride: 1, padding: 1 },
    x = tensor4d([2, 8, 8, 16], 1),
    filter = tf.variable(tensor4d([3, 3, 16, 16], 2)),
    [m, v] = [tf.variable(tf.zeros([filter.size])), tf.variable(tf.zeros([filter.size]))];
  const before = wasmMemoryBytes();
  let filler: tf.Tensor | undefined;
  for (let step = 1; step <= 3; step++) {
    if (step === 2) filler = tf.zeros([before / 4]);
    tf.tidy(() => {
      const y = conv2d(x, filter, tf.zeros([16]), { ...window, relu: false });
      const gradient = conv2dGradFilter(x, y, [3, 3, 16, 16], window);
      const adam = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2: 0, weightDecay: 0, step };
      adamUpdate({ parameters: [filter], gradients: [gradient], m, v }, adam);
    });
  }
  filler?.dispose();
  return { filter: [...filter.dataSync()], growth: wasmMemoryBytes() - before };
}

describe('the native kernels', () => {
  it.each(nativeWidthsHere)('follow the heap when it grows while they train, at width %s', async (width) => {
    const native = await trainedAcrossGrowth(width);
    expect(native.growth).toBeGreaterThan(0);
    expect(native.filter).toEqual((await trainedAcrossGrowth('off')).filter);
  });
});
