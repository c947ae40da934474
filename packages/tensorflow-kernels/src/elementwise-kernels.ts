import { util } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { dropoutFactors, type KernelFamily } from '@bakeoff/kernels';
import type { TensorflowOps } from './tensorflow-ops.ts';

export function elementwiseKernels(
  ops: TensorflowOps,
): KernelFamily<Tensor, 'BakeoffReluGrad' | 'BakeoffTanhGrad' | 'BakeoffAddRelu' | 'BakeoffDropout'> {
  return {
    BakeoffReluGrad: ({ dy, y }) => ops.run('ReluGrad', [dy, y]),
    BakeoffTanhGrad: ({ dy, y }) => ops.run('TanhGrad', [y, dy]),
    BakeoffAddRelu: ({ a, b }) => ops.replace(ops.run('AddV2', [a, b]), 'Relu'),
    // The mask is computed on the host: a dozen dispatches of integer operations would cost more than its upload, and
    // per-channel masks are tiny.
    BakeoffDropout: ({ x }, { rate, key, perChannel }) => {
      const shape = perChannel
        ? x.shape.map((length, axis) => (axis === 0 || axis === x.rank - 1 ? length : 1))
        : x.shape;
      const mask = ops.upload(dropoutFactors(util.sizeFromShape(shape), key, rate), shape);
      const y = ops.run('Mul', [x, mask]);
      ops.discard(mask);
      return y;
    },
  };
}
