import type { Tensor } from '@tensorflow/tfjs-core';
import type { SingleKernels } from '../kernel-contract.ts';
import { registerKernels } from '../register-kernels.ts';
import { batchNormKernels } from './batch-norm-kernels.ts';
import { convolutionKernels } from './convolution-kernels.ts';
import { denseKernels } from './dense-kernels.ts';
import { elementwiseKernels } from './elementwise-kernels.ts';
import { imageKernels } from './image-kernels.ts';
import { lossKernels } from './loss-kernels.ts';
import { optimizerKernels } from './optimizer-kernels.ts';
import { poolingKernels } from './pooling-kernels.ts';

const composedKernels: SingleKernels<Tensor> = {
  ...convolutionKernels,
  ...denseKernels,
  ...elementwiseKernels,
  ...batchNormKernels,
  ...poolingKernels,
  ...lossKernels,
  ...imageKernels,
  ...optimizerKernels,
};

/** Registers every kernel as a composition of TensorFlow.js operations, for any backend that has those. */
export function registerComposedKernels(backendName: string): void {
  registerKernels(backendName, composedKernels);
}
