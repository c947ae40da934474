import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelFamily, PoolAttributes } from '@bakeoff/kernels';
import type { OpAttribute } from './tensorflow-backend.ts';
import type { TensorflowOps } from './tensorflow-ops.ts';

type Names =
  | 'BakeoffShortcutA'
  | 'BakeoffShortcutAGrad'
  | 'BakeoffGlobalAveragePool'
  | 'BakeoffGlobalAveragePoolGrad'
  | 'BakeoffMaxPool'
  | 'BakeoffMaxPoolGrad';

/** Low enough to be less than every pixel. */
const LOWEST = -3.4e38;

function window(
  ops: TensorflowOps,
  size: readonly [number, number],
  stride: readonly [number, number],
): readonly OpAttribute[] {
  return [
    ops.integer('ksize', [1, ...size, 1]),
    ops.integer('strides', [1, ...stride, 1]),
    ops.text('padding', 'VALID'),
  ];
}

/**
 * x padded with values that never win; TensorFlow's pooling on GPUs has no explicit padding. Null if x needs no
 * padding.
 */
function framed(ops: TensorflowOps, x: Tensor, { padding }: PoolAttributes): Tensor | null {
  if (padding === 0) return null;
  return ops.run('PadV2', [x, ops.ints([0, 0, padding, padding, padding, padding, 0, 0], [4, 2]), ops.scalar(LOWEST)]);
}

/** Begin, end and strides of the pixels and channels that the shortcut takes from an input. */
function taken(
  ops: TensorflowOps,
  [n = 0, h = 0, w = 0, c = 0]: readonly number[],
  stride: number,
  channelPad: number,
): readonly TensorInfo[] {
  const crop = Math.max(0, -channelPad);
  return [ops.ints([0, 0, 0, crop]), ops.ints([n, h, w, c - crop]), ops.ints([1, stride, stride, 1])];
}

export function poolingKernels(ops: TensorflowOps): KernelFamily<Tensor, Names> {
  return {
    BakeoffShortcutA: ({ x }, { stride, channelPad }) => {
      const y = ops.run('StridedSlice', [x, ...taken(ops, x.shape, stride, channelPad)]);
      return channelPad > 0 ? ops.replace(y, 'Pad', [ops.ints([0, 0, 0, 0, 0, 0, channelPad, channelPad], [4, 2])]) : y;
    },
    BakeoffShortcutAGrad: ({ dy }, { stride, channelPad, inputShape }) => {
      const [shape, ...bounds] = [ops.ints(inputShape), ...taken(ops, inputShape, stride, channelPad)];
      const cropped =
        channelPad > 0
          ? ops.run('Slice', [dy, ops.ints([0, 0, 0, channelPad]), ops.ints([-1, -1, -1, inputShape[3] ?? 0])])
          : dy;
      const dx = ops.run('StridedSliceGrad', [shape, ...bounds, cropped]);
      if (cropped !== dy) cropped.dispose();
      return dx;
    },
    BakeoffGlobalAveragePool: ({ x }) => ops.run('Mean', [x, ops.ints([1, 2])]),
    BakeoffGlobalAveragePoolGrad: ({ dy }, { inputShape }) => {
      const [n = 0, h = 0, w = 0, c = 0] = inputShape;
      const cells = ops.reshape(dy, [n, 1, 1, c]);
      const dx = ops.run('AvgPoolGrad', [ops.ints(inputShape), cells], window(ops, [h, w], [h, w]));
      cells.dispose();
      return dx;
    },
    BakeoffMaxPool: ({ x }, attributes) => {
      const { size, stride } = attributes;
      const frame = framed(ops, x, attributes),
        pooling = window(ops, [size, size], [stride, stride]);
      return frame ? ops.replace(frame, 'MaxPool', [], pooling) : ops.run('MaxPool', [x], pooling);
    },
    BakeoffMaxPoolGrad: ({ x, y, dy }, attributes) => {
      const { size, stride, padding } = attributes;
      const frame = framed(ops, x, attributes),
        pooling = window(ops, [size, size], [stride, stride]);
      if (!frame) return ops.run('MaxPoolGrad', [x, y, dy], pooling);
      const dx = ops.replace(frame, 'MaxPoolGrad', [y, dy], pooling);
      return ops.replace(dx, 'Slice', [ops.ints([0, padding, padding, 0]), ops.ints(x.shape)]);
    },
  };
}
