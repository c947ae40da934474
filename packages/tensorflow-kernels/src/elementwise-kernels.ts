import { util } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { dropoutFactors, type KernelFamily } from '@bakeoff/kernels';
import type { HostInputsOf } from './host-inputs.ts';
import type { TensorflowOps } from './tensorflow-ops.ts';

const maskShape = (shape: readonly number[], perChannel: boolean): readonly number[] =>
  perChannel ? shape.map((length, axis) => (axis === 0 || axis === shape.length - 1 ? length : 1)) : shape;

export const elementwiseHostInputs: HostInputsOf<'BakeoffDropout' | 'BakeoffMixImages'> = {
  // The mask is computed on the host: a dozen dispatches of integer operations would cost more than its upload, and
  // per-channel masks are tiny.
  BakeoffDropout: {
    varying: ['key'],
    values: ({ x }, { rate, key, perChannel }) => [
      dropoutFactors(util.sizeFromShape([...maskShape(x.shape, perChannel)]), key, rate),
    ],
  },
  BakeoffMixImages: {
    varying: ['share'],
    values: (_inputs, { share }) => [Float32Array.of(share), Float32Array.of(1 - share)],
  },
};

type Names = 'BakeoffReluGrad' | 'BakeoffTanhGrad' | 'BakeoffAddRelu' | 'BakeoffDropout' | 'BakeoffMixImages';

export function elementwiseKernels(ops: TensorflowOps): KernelFamily<Tensor, Names> {
  return {
    BakeoffReluGrad: ({ dy, y }) => ops.run('ReluGrad', [dy, y]),
    BakeoffTanhGrad: ({ dy, y }) => ops.run('TanhGrad', [y, dy]),
    BakeoffAddRelu: ({ a, b }) => ops.replace(ops.run('AddV2', [a, b]), 'Relu'),
    BakeoffDropout: ({ x }, attributes) => {
      const [factors] = elementwiseHostInputs.BakeoffDropout.values({ x }, attributes);
      const mask = ops.upload(factors!, maskShape(x.shape, attributes.perChannel));
      const y = ops.run('Mul', [x, mask]);
      ops.discard(mask);
      return y;
    },
    BakeoffMixImages: (images, attributes) => {
      const shares = elementwiseHostInputs.BakeoffMixImages.values(images, attributes).map((share) =>
        ops.upload(share, []),
      );
      const [first, second] = [images.first, images.second].map((image, i) => ops.run('Mul', [image, shares[i]!]));
      for (const share of shares) ops.discard(share);
      const mixed = ops.replace(first!, 'AddV2', [second!]);
      second!.dispose();
      return mixed;
    },
  };
}
