// Light enough for the command line, which checks the setting at every start.

/** The instruction sets that the native kernels are compiled for: vectors of 16, 8 and 4 floats. */
export const nativeWidths = ['avx512', 'avx2', 'neon'] as const;
export type NativeWidth = (typeof nativeWidths)[number];

/** 'auto' is the widest that this processor runs, or none where there is none. */
export const nativeOptions = ['auto', 'off', ...nativeWidths] as const;
export type NativeOption = (typeof nativeOptions)[number];
