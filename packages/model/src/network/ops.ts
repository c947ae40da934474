/** Everything that layers compute with: the kernels, and operations of TensorFlow.js that need no kernel of ours. */
export * from '@bakeoff/kernels';
export { add, mul, relu, relu6, reshape, rsqrt, sub, tanh, tidy, zerosLike } from '@tensorflow/tfjs-core';
