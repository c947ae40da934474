// The compiler's ES library knows no WebAssembly (its DOM library does): the few members used here.

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
