export { installTensorflowKernels } from './install.ts';
export { isOutOfMemory } from './out-of-memory.ts';
