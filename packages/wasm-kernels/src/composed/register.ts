import { getKernel, registerKernel } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { registerGradients } from '../gradients.ts';
import type { KernelContract, KernelName } from '../kernel-contract.ts';
import { batchNormKernels } from './batch-norm-kernels.ts';
import { convolutionKernels } from './convolution-kernels.ts';
import { denseKernels } from './dense-kernels.ts';
import { elementwiseKernels } from './elementwise-kernels.ts';
import { imageKernels } from './image-kernels.ts';
import { lossKernels } from './loss-kernels.ts';
import { optimizerKernels } from './optimizer-kernels.ts';
import { poolingKernels } from './pooling-kernels.ts';

const composedKernels: KernelContract<Tensor> = {
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
  registerGradients();
  for (const kernelName of Object.keys(composedKernels) as KernelName[]) {
    if (getKernel(kernelName, backendName)) continue;
    const kernel = composedKernels[kernelName] as (inputs: unknown, attrs: unknown) => Tensor | Tensor[];
    registerKernel({ kernelName, backendName, kernelFunc: ({ inputs, attrs }) => kernel(inputs, attrs ?? {}) });
  }
}
