import type { Tensor } from '@tensorflow/tfjs-core';
import type { KernelFamily, WindowAttributes } from '@bakeoff/kernels';
import type { OpAttribute } from './tensorflow-backend.ts';
import type { TensorflowOps } from './tensorflow-ops.ts';

type Names = 'BakeoffConv2D' | 'BakeoffConv2DGradInput' | 'BakeoffConv2DGradFilter' | 'BakeoffBiasGrad';

/** Strides and padding; TensorFlow's own 'SAME' pads both sides equally only at stride 1. */
function geometry(
  ops: TensorflowOps,
  { stride, padding }: WindowAttributes,
  [height, width]: readonly number[],
): readonly OpAttribute[] {
  const strides = ops.integer('strides', [1, stride, stride, 1]);
  if (padding === 0) return [strides, ops.text('padding', 'VALID')];
  const same = stride === 1 && height === 2 * padding + 1 && width === height;
  if (same) return [strides, ops.text('padding', 'SAME')];
  return [
    strides,
    ops.text('padding', 'EXPLICIT'),
    ops.integer('explicit_paddings', [0, 0, padding, padding, padding, padding, 0, 0]),
  ];
}

export function convolutionKernels(ops: TensorflowOps): KernelFamily<Tensor, Names> {
  return {
    BakeoffConv2D: ({ x, filter, bias }, { relu, ...window }) => {
      let y = ops.run('Conv2D', [x, filter], geometry(ops, window, filter.shape));
      if (bias) y = ops.replace(y, 'BiasAdd', [bias]);
      return relu ? ops.replace(y, 'Relu') : y;
    },
    BakeoffConv2DGradInput: ({ dy, filter, onto }, { inputShape, ...window }) => {
      const dx = ops.run(
        'Conv2DBackpropInput',
        [ops.ints(inputShape), filter, dy],
        geometry(ops, window, filter.shape),
      );
      return onto ? ops.replace(dx, 'AddV2', [onto]) : dx;
    },
    BakeoffConv2DGradFilter: ({ x, dy }, { filterShape, ...window }) =>
      ops.run('Conv2DBackpropFilter', [x, ops.ints(filterShape), dy], geometry(ops, window, filterShape)),
    BakeoffBiasGrad: ({ dy }) => ops.run('BiasAddGrad', [dy]),
  };
}
