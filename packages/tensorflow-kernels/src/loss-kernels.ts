import type { Tensor } from '@tensorflow/tfjs-core';
import type { KernelFamily } from '@bakeoff/kernels';
import type { TensorflowOps } from './tensorflow-ops.ts';

export function lossKernels(ops: TensorflowOps): KernelFamily<Tensor, 'BakeoffSoftmaxCrossEntropy'> {
  const toFloat = [ops.type('DstT', ops.float)];
  return {
    BakeoffSoftmaxCrossEntropy: ({ logits, labels }) => {
      const [losses, gradient] = ops.runMany('SparseSoftmaxCrossEntropyWithLogits', [logits, labels], 2) as [
        Tensor,
        Tensor,
      ];
      // Compared as float32: TensorFlow keeps int32 results of GPUs on the host, which would then wait for the device
      // at every step.
      const largest = ops.replace(
        ops.run('ArgMax', [logits, ops.int(1)], [ops.type('output_type', ops.int32)]),
        'Cast',
        [],
        toFloat,
      );
      const expected = ops.run('Cast', [labels], toFloat);
      const correct = ops.replace(ops.replace(largest, 'Equal', [expected]), 'Cast', [], toFloat);
      expected.dispose();
      return [losses, correct, ops.replace(gradient, 'Mul', [ops.scalar(1 / (logits.shape[0] ?? 1))])];
    },
  };
}
