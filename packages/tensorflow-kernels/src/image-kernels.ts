import { util } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { type KernelFamily, type PixelMoves, pixelSources } from '@bakeoff/kernels';
import type { HostInputsOf } from './host-inputs.ts';
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

/** For each pixel of a moved batch its row among the batch's pixels; the row after them is black. */
function pixelRows(moves: PixelMoves, shape: readonly number[]): Int32Array {
  const [height = 0, width = 0] = shape;
  const pixels = height * width;
  const sources = pixelSources(moves, [height, width]);
  const black = sources.length;
  for (let at = 0; at < sources.length; at++)
    sources[at] = sources[at]! < 0 ? black : sources[at]! + Math.floor(at / pixels) * pixels;
  return sources;
}

export const imageHostInputs: HostInputsOf<'BakeoffGatherImages'> = {
  BakeoffGatherImages: {
    varying: ['indices', 'moves'],
    values: ({ images }, { indices, moves }) =>
      moves === null ? [indices] : [indices, pixelRows(moves, images.shape.slice(1))],
  },
};

/**
 * Gathers pixels from a batch of float32 values, to which one black pixel is added: a gather of rows runs on the GPU as
 * well. Returns [batch * height * width, channels].
 */
function movePixels(ops: TensorflowOps, values: Tensor, sources: Int32Array, channels: number): Tensor {
  const rows = ops.replace(values, 'Reshape', [ops.ints([-1, channels])]);
  const padded = ops.replace(rows, 'Pad', [ops.ints([0, 1, 0, 0], [2, 2])]);
  const places = ops.upload(sources, [sources.length]);
  const moved = ops.replace(padded, 'GatherV2', [places, ops.int(0)]);
  ops.discard(places);
  return moved;
}

export function imageKernels(ops: TensorflowOps): KernelFamily<Tensor, 'BakeoffGatherImages'> {
  const toFloat = [ops.type('DstT', ops.float)];
  const toBytes = [ops.type('type', ops.uint8)];
  return {
    BakeoffGatherImages: ({ images }, attributes) => {
      const { packed } = revealBytes(ops, images);
      const [indices, sources] = imageHostInputs.BakeoffGatherImages.values({ images }, attributes) as Int32Array[];
      const { scale, shift } = attributes;
      const places = ops.upload(indices!, [indices!.length]);
      const rows = ops.run('GatherV2', [images, places, ops.int(0)]);
      ops.discard(places);
      const bytes = packed ? ops.replace(rows, 'Bitcast', [], toBytes) : rows;
      const shape = images.shape.slice(1);
      const values = ops.replace(bytes, 'Cast', [], toFloat);
      const pixels = ops.replace(
        sources === undefined ? values : movePixels(ops, values, sources, scale.length),
        'Reshape',
        [ops.ints([indices!.length, ...shape])],
      );
      return ops.replace(ops.replace(pixels, 'Mul', [ops.floats(scale)]), 'AddV2', [ops.floats(shift)]);
    },
  };
}
