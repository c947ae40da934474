import { loadAddon } from '../native/load-addon.ts';
import type { NativeOption, NativeWidth } from '../native/native-options.ts';

const addon = loadAddon();

/** The widths of the native kernels that this machine runs. */
export const nativeWidthsHere: readonly NativeWidth[] = 'why' in addon ? [] : addon.widths;

/** What tests that do not choose run on: the extended checks set it to each that there is. */
export const testedNative = process.env['BAKEOFF_NATIVE'] as NativeOption | undefined;
