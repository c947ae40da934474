export { installWasmKernels, wasmMemoryBytes } from './wasm/install.ts';
export { isOutOfMemory } from './wasm/out-of-memory.ts';
export { NativeUnavailableError } from './native/choose-native.ts';
export { type NativeOption, nativeOptions, type NativeWidth, nativeWidths } from './native/native-options.ts';
export type { InstallOptions, Installed } from './wasm/install.ts';
export type { KernelBuild } from './wasm/wasm-files.ts';
