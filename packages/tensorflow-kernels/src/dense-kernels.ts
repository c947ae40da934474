import type { Tensor } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import type { TensorflowOps } from './tensorflow-ops.ts';

const activations = { relu: 'Relu', tanh: 'Tanh' } as const;

export function denseKernels(
  ops: TensorflowOps,
): KernelFamily<Tensor, 'BakeoffDense' | 'BakeoffDenseGradInput' | 'BakeoffDenseGradWeights'> {
  return {
    BakeoffDense: ({ x, weights, bias }, { activation }) => {
      let y = ops.run('MatMul', [x, weights]);
      if (bias) y = ops.replace(y, 'BiasAdd', [bias]);
      return activation ? ops.replace(y, activations[activation]) : y;
    },
    BakeoffDenseGradInput: ({ dy, weights }) => ops.run('MatMul', [dy, weights], [ops.flag('transpose_b', true)]),
    BakeoffDenseGradWeights: ({ x, dy }) => ops.run('MatMul', [x, dy], [ops.flag('transpose_a', true)]),
  };
}
