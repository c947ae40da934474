// The exported kernels. All pointers are byte offsets into the memory of TensorFlow.js's own WASM module, which this module
// imports; it owns no static data, no heap and no stack, and every kernel takes its scratch from the caller.
export * from './convolution-direct';
export { winogradForward, winogradGradFilter, winogradGradInput, winogradScratch, winogradSupports } from './winograd';
export { winogradNormBackward, winogradNormForward, winogradNormScratch, winogradNormSupports } from './winograd-norm';
export * from './gemm';
export { batchNormBackward, batchNormForward, batchNormScratch, scaleShift, updateRunning } from './batch-norm';
export { add, channelSums, channelSumsScratch, reluGrad, shortcut, tanhGrad } from './elementwise';
export * from './pooling';
export * from './dropout';
export * from './loss';
export * from './optimizer';
export * from './images';
