import { Random, type SafeTensor } from '@bakeoff/core';
import { softmaxCrossEntropy } from '@bakeoff/kernels';
import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { installedPeerEngines, nativeBuilds } from '@bakeoff/engine/testing';
import { models } from '../testing/models.ts';
import { readPytorchWeights, readResnet20Gradient } from '../testing/pytorch.ts';
import { type EngineName } from '@bakeoff/engine';
import { loadEngine } from '@bakeoff/engine';
import { createNetwork } from './network.ts';

type Gradient = Readonly<Record<string, SafeTensor>>;

/** Gradient of the mean cross entropy of square RGB images with labels 0, 1, … on the current engine. */
async function resnet20Gradient({ shape, data }: SafeTensor): Promise<Gradient> {
  const [count, size] = shape as [number, number];
  const network = createNetwork(models.resnet20, { imageShape: [size, size, 3], classes: 10 });
  network.loadState(await readPytorchWeights('resnet20'), 'the initial weights');
  const logits = network.forward(tensor4d(data as Float32Array, [count, size, size, 3]), { seed: 1, step: 1 });
  const { dLogits } = softmaxCrossEntropy(
    logits,
    tensor1d(
      Int32Array.from({ length: count }, (_, i) => i),
      'int32',
    ),
  );
  const gradient = [...network.backward(dLogits)].map(
    ([name, tensor]) => [name, { shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) }] as const,
  );
  network.dispose();
  return Object.fromEntries(gradient);
}

/** L2 norm of the whole difference over that of the whole reference. */
function relativeError(found: Gradient, reference: Gradient): number {
  let [difference, size] = [0, 0];
  for (const [name, { data }] of Object.entries(reference)) {
    const values = found[name]?.data ?? [];
    for (let i = 0; i < data.length; i++) {
      difference += (data[i]! - values[i]!) ** 2;
      size += data[i]! ** 2;
    }
  }
  return Math.sqrt(difference / size);
}

describe('the whole gradient of ResNet20', () => {
  it.each([...nativeBuilds, 'relaxed-simd', 'simd'])(
    "is PyTorch's in float64 to 1e-5 relative L2 on the %s kernels",
    async (build) => {
      const { images, gradient } = await readResnet20Gradient();
      await loadEngine('wasm', { build });
      expect(relativeError(await resnet20Gradient(images), gradient)).toBeLessThan(1e-5);
    },
  );

  it.each(installedPeerEngines)("is PyTorch's in float64 to 1e-5 relative L2 on the engine %s", async (engine) => {
    const { images, gradient } = await readResnet20Gradient();
    await loadEngine(engine);
    expect(relativeError(await resnet20Gradient(images), gradient)).toBeLessThan(1e-5);
  });

  it('is the same on the engines wasm and cpu to 1e-5 relative L2', async () => {
    const random = new Random(2);
    const images = { shape: [2, 8, 8, 3], data: Float32Array.from({ length: 2 * 8 * 8 * 3 }, () => random.normal()) };
    const on = async (engine: EngineName) => {
      await loadEngine(engine);
      return resnet20Gradient(images);
    };
    expect(relativeError(await on('wasm'), await on('cpu'))).toBeLessThan(1e-5);
  });
});
