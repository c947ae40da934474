export { installTensorflowKernels } from './install.ts';
export { isOutOfMemory } from './out-of-memory.ts';
export { wordsOfError } from './words-of-error.ts';
