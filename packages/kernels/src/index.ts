export { registerComposedKernels, registerKernels } from './register-kernels.ts';
export { biasGrad, type Convolution, conv2d, conv2dGradFilter, conv2dGradInput } from './convolution.ts';
export {
  conv2dBatchNorm,
  conv2dBatchNormGrad,
  type ConvolutionBatchNormGradients,
  type ConvolutionBatchNormGradSettings,
  type ConvolutionBatchNormOutput,
} from './convolution-batch-norm.ts';
export { groupedConv2d, groupedConv2dGradFilter, groupedConv2dGradInput } from './grouped-convolution.ts';
export { depthwiseConv2d, depthwiseConv2dGradFilter, depthwiseConv2dGradInput } from './depthwise-convolution.ts';
export { dense, type DenseActivation, denseGradInput, denseGradWeights } from './dense.ts';
export { add, addRelu, gelu, geluGrad, relu6Grad, reluGrad, silu, siluGrad, tanhGrad } from './activation.ts';
export {
  batchNorm,
  batchNormGrad,
  type BatchNormGradients,
  type BatchNormGradSettings,
  type BatchNormOutput,
  type BatchNormSettings,
  scaleShift,
} from './batch-norm.ts';
export { averagePool, averagePoolGrad } from './average-pool.ts';
export { globalAveragePool, globalAveragePoolGrad } from './global-average-pool.ts';
export { maxPool, maxPoolGrad, type PoolAttributes } from './max-pool.ts';
export { shortcutA, shortcutAGrad, type ShortcutAttributes } from './shortcut.ts';
export { dropout, type DropoutAttributes } from './dropout.ts';
export { dropoutHash, dropoutKey } from './dropout-hash.ts';
export { type CrossEntropy, softmaxCrossEntropy } from './loss.ts';
export { type SoftTargets, softTargetCrossEntropy } from './soft-target-loss.ts';
export { mixImages } from './mix-images.ts';
export { clipByGlobalNorm } from './clip-gradients.ts';
export { averageWeights } from './average-weights.ts';
export {
  type DeviceImages,
  gatherImages,
  type PixelMoves,
  pixelSources,
  type PixelTransform,
  uploadImages,
} from './images.ts';
export { readFloats } from './read-floats.ts';
export { type AdamAttributes, adamUpdate, type SgdAttributes, sgdUpdate } from './optimizer.ts';
export type { WindowAttributes } from './window.ts';
// For packages that implement the kernels on a backend.
export type { KernelContract, KernelFamily, KernelName } from './kernels.ts';
export { type PairedKernels, pairKernels } from './convolution-batch-norm.ts';
export { dropoutFactors, dropoutThreshold } from './dropout-hash.ts';
export { outputShape } from './window.ts';
