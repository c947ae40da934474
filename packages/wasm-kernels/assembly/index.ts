// The exported kernels. All pointers are byte offsets into the memory of TensorFlow.js's own WASM module, which this module
// imports; it owns no static data, no heap and no stack, and every kernel takes its scratch from the caller.
export * from './convolution-direct';
export * from './winograd';
export * from './gemm';
export * from './batch-norm';
export * from './elementwise';
export * from './pooling';
export * from './dropout';
export * from './loss';
export * from './optimizer';
export * from './images';
