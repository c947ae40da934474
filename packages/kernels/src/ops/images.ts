import { engine } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { PixelTransform } from '../kernel-contract.ts';
import { runKernel } from '../run-kernel.ts';

/** uint8 images [n, h, w, c] held by the current engine, one byte a value. Release them by dispose(). */
export interface DeviceImages {
  readonly shape: readonly [number, number, number, number];
  readonly tensor: Tensor;
  dispose(): void;
}

/** Hands images to the engine once, so that batches are gathered there. bytes: n * h * w * c values. */
export function uploadImages(bytes: Uint8Array, shape: readonly [number, number, number, number]): DeviceImages {
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== size)
    throw new Error(`Images of shape [${shape.join(', ')}] need ${size} bytes, received ${bytes.length}.`);
  // 'bool' is TensorFlow.js's one-byte dtype: the backends store its bytes as they are. makeTensor, unlike tf.tensor, neither
  // copies nor inspects them; keep: the images outlive any tidy.
  const tensor = engine().keep(engine().makeTensor(bytes, [...shape], 'bool'));
  return { shape: [...shape] as [number, number, number, number], tensor, dispose: () => tensor.dispose() };
}

/** Batch of images by index: float32 [indices.length, h, w, c], value = pixel * scale[c] + shift[c]. */
export function gatherImages(images: DeviceImages, indices: Int32Array, { scale, shift }: PixelTransform): Tensor4D {
  const [count, , , channels] = images.shape;
  if (scale.length !== channels || shift.length !== channels)
    throw new Error(
      `Images of ${channels} channels need as many scales and shifts, received ${scale.length} and ${shift.length}.`,
    );
  for (const index of indices)
    if (index < 0 || index >= count) throw new RangeError(`Image index ${index} is not in [0, ${count}).`);
  return runKernel('BakeoffGatherImages', { images: images.tensor }, { indices, scale, shift }) as Tensor4D;
}
