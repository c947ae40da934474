import { util } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import type { TensorflowOps } from './tensorflow-ops.ts';

/**
 * Presents the images, which are bytes in a tensor that TensorFlow.js calls bool, to TensorFlow as float32 values of
 * four bytes each, before it first reads them. GatherV2 moves bits unchanged but has no GPU kernel for uint8, so the
 * whole dataset would be copied to the host at every step. Images whose byte count is not a multiple of four stay
 * uint8.
 */
function revealBytes(ops: TensorflowOps, images: Tensor): { readonly packed: boolean } {
  const entry = ops.entry(images),
    [count = 0, ...shape] = images.shape,
    size = util.sizeFromShape(shape);
  const packed = size % 4 === 0;
  const { values } = entry;
  if (values instanceof Uint8Array) {
    // A view of four-byte values needs an address divisible by four.
    const bytes = packed && values.byteOffset % 4 !== 0 ? values.slice() : values;
    Object.assign(
      entry,
      packed
        ? {
            values: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4),
            shape: [count, size / 4],
            dtype: ops.float,
          }
        : { dtype: ops.uint8 },
    );
  }
  return { packed };
}

export function imageKernels(ops: TensorflowOps): KernelFamily<Tensor, 'BakeoffGatherImages'> {
  const toFloat = [ops.type('DstT', ops.float)];
  const toBytes = [ops.type('type', ops.uint8)];
  return {
    BakeoffGatherImages: ({ images }, { indices, scale, shift }) => {
      const { packed } = revealBytes(ops, images);
      const places = ops.uploadInts(indices);
      const rows = ops.run('GatherV2', [images, places, ops.int(0)]);
      ops.discard(places);
      const bytes = packed ? ops.replace(rows, 'Bitcast', [], toBytes) : rows;
      const pixels = ops.replace(ops.replace(bytes, 'Cast', [], toFloat), 'Reshape', [
        ops.ints([indices.length, ...images.shape.slice(1)]),
      ]);
      return ops.replace(ops.replace(pixels, 'Mul', [ops.floats(scale)]), 'AddV2', [ops.floats(shift)]);
    },
  };
}
