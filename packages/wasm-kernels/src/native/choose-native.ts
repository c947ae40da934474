import type { KernelBuild } from '../wasm/wasm-files.ts';
import { loadAddon } from './load-addon.ts';
import type { NativeAddon } from './native-kernels.ts';
import type { NativeOption, NativeWidth } from './native-options.ts';

/** The native kernels to use, or why WebAssembly does everything. */
export type NativeChoice =
  | { readonly addon: NativeAddon; readonly width: NativeWidth }
  | {
      readonly why: string;
      /** Whether they were to be expected here: something is missing or damaged. */
      readonly isFault: boolean;
    };

/** A width was asked for by name that cannot be used here. */
export class NativeUnavailableError extends Error {
  override readonly name = 'NativeUnavailableError';
  readonly width: NativeWidth;
  readonly why: string;
  /** What can be used instead. */
  readonly allowed: readonly NativeOption[];

  constructor(width: NativeWidth, why: string, usable: readonly NativeWidth[]) {
    super(`The native kernels "${width}" cannot be used: ${why}.`);
    this.width = width;
    this.why = why;
    this.allowed = ['auto', 'off', ...usable];
  }
}

/**
 * Native kernels round as relaxed SIMD does, so they go with that build alone: with the other, one run would mix two
 * roundings. @throws NativeUnavailableError if a width was asked for by name and cannot be used
 */
export function chooseNative(option: NativeOption, build: KernelBuild, folder?: string): NativeChoice {
  if (option === 'off') return { why: 'turned off', isFault: false };
  const refuse = (why: string, isFault: boolean, usable: readonly NativeWidth[] = []): NativeChoice => {
    if (option !== 'auto') throw new NativeUnavailableError(option, why, usable);
    return { why, isFault };
  };
  if (build === 'simd') return refuse('they round differently than the build "simd"', false);
  const addon = loadAddon(folder);
  if ('why' in addon) return refuse(addon.why, true);
  const [widest] = addon.widths;
  if (widest === undefined) return refuse('this processor lacks AVX2 with fused multiply-add', false);
  const width = option === 'auto' ? widest : option;
  if (!addon.widths.includes(width)) return refuse('this processor does not run them', false, addon.widths);
  return { addon, width };
}
