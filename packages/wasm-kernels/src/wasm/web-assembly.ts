// The few members of WebAssembly used here, because the compiler's ES library does not declare it (only its DOM library
// does).

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A compiled module; opaque. */
export type WasmModule = object;

interface WebAssemblyNamespace {
  Instance: new (module: WasmModule, imports: { env: { memory: WasmMemory } }) => { exports: object };
  compile(bytes: Uint8Array): Promise<WasmModule>;
  validate(bytes: Uint8Array): boolean;
}

export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyNamespace }).WebAssembly;
