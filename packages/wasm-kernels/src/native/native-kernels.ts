import type { WasmExports } from '../wasm/wasm-exports.ts';
import type { WasmMemory } from '../wasm/web-assembly.ts';
import type { NativeWidth } from './native-options.ts';

/** Like the WASM module's exports of the same names; false if the arguments do not suit and nothing was done. */
type NativeKernel = (...args: number[]) => false | undefined;

/** What native/addon.cc exports. */
export interface NativeAddon {
  /** Those that this processor runs, the widest first. */
  readonly widths: readonly NativeWidth[];
  open(
    width: NativeWidth,
    heap: ArrayBuffer,
  ): Record<string, NativeKernel> & { attach: (heap: ArrayBuffer) => undefined };
}

/**
 * The module's kernels, with native ones in place of those that there are. Which kernels, and for which arguments, is
 * decided in native/kernels.cc; WebAssembly does the others. Both give the same bits.
 */
export function withNativeKernels(
  exports: WasmExports,
  memory: WasmMemory,
  addon: NativeAddon,
  width: NativeWidth,
): WasmExports {
  let attached = memory.buffer;
  const { attach, ...kernels } = addon.open(width, attached);
  /** The heap has another ArrayBuffer after it has grown. */
  const follow = (): void => {
    if (memory.buffer === attached) return;
    attached = memory.buffer;
    attach(attached);
  };
  const both = Object.entries(kernels).map(([name, native]) => {
    const wasm: (...args: number[]) => void = exports[name as keyof WasmExports];
    const kernel = (...args: number[]): void => {
      follow();
      if (native(...args) === false) wasm(...args);
    };
    return [name, kernel];
  });
  return { ...exports, ...(Object.fromEntries(both) as Partial<WasmExports>) };
}
