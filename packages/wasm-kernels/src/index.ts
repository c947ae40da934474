export { installWasmKernels, wasmMemoryBytes } from './wasm/install.ts';
export { isOutOfMemory } from './wasm/out-of-memory.ts';
export { NativeUnavailableError, nativeOptions } from './native/choose-native.ts';
export type { NativeOption } from './native/choose-native.ts';
export type { InstallOptions, Installed } from './wasm/install.ts';
export type { KernelBuild } from './wasm/wasm-files.ts';
