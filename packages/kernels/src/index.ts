export { registerComposedKernels } from './composed/register.ts';
export { biasGrad, conv2d, conv2dGradFilter, conv2dGradInput } from './ops/convolution.ts';
export type { Convolution } from './ops/convolution.ts';
export { conv2dBatchNorm, conv2dBatchNormGrad } from './ops/convolution-batch-norm.ts';
export type {
  ConvolutionBatchNormGradients,
  ConvolutionBatchNormGradSettings,
  ConvolutionBatchNormOutput,
} from './ops/convolution-batch-norm.ts';
export { dense, denseGradInput, denseGradWeights } from './ops/dense.ts';
export { add, addRelu, dropout, reluGrad, tanhGrad } from './ops/activation.ts';
export { batchNorm, batchNormGrad, scaleShift } from './ops/batch-norm.ts';
export type {
  BatchNormGradients,
  BatchNormGradSettings,
  BatchNormOutput,
  BatchNormSettings,
} from './ops/batch-norm.ts';
export {
  globalAveragePool,
  globalAveragePoolGrad,
  maxPool,
  maxPoolGrad,
  shortcutA,
  shortcutAGrad,
} from './ops/pooling.ts';
export { dropoutHash, dropoutKey } from './dropout-hash.ts';
export { softmaxCrossEntropy } from './ops/loss.ts';
export type { CrossEntropy } from './ops/loss.ts';
export { gatherImages, uploadImages } from './ops/images.ts';
export type { DeviceImages } from './ops/images.ts';
export { adamUpdate, sgdUpdate } from './ops/optimizer.ts';
export type {
  AdamAttributes,
  DenseActivation,
  DropoutAttributes,
  PixelTransform,
  PoolAttributes,
  SgdAttributes,
  ShortcutAttributes,
  WindowAttributes,
} from './kernel-contract.ts';
// For packages that implement the kernels on a backend.
export type { KernelFamily, KernelName, PairedKernels, SingleKernels } from './kernel-contract.ts';
export { pairKernels } from './pair-kernels.ts';
export { registerKernels } from './register-kernels.ts';
export { dropoutFactors, dropoutThreshold } from './dropout-hash.ts';
export { outputShape } from './window-shape.ts';
