// For packages that implement the kernels on another backend.
export type {
  AdamAttributes,
  DenseActivation,
  KernelFamily,
  PoolAttributes,
  SgdAttributes,
  SingleKernels,
  WindowAttributes,
} from './kernel-contract.ts';
export { registerKernels } from './register-kernels.ts';
export { dropoutFactors } from './dropout-hash.ts';
