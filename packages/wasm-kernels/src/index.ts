export { installWasmKernels, wasmMemoryBytes } from './wasm/install.ts';
export { isOutOfMemory } from './wasm/out-of-memory.ts';
export type { InstallOptions } from './wasm/install.ts';
export type { KernelBuild } from './wasm/wasm-files.ts';
