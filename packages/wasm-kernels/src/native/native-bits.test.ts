import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { kernelBits, shapeNames } from '../testing/kernel-bits.ts';
import { nativeWidthsHere } from '../testing/tested-native.ts';
import { loadAddon } from './load-addon.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');

describe('the native kernels', () => {
  it('are there for this platform', () => expect(loadAddon()).toMatchObject({ widths: expect.any(Array) as unknown }));

  it.each(shapeNames)("give relaxed SIMD's bits at every width that this processor runs, on %s", async (shapes) => {
    const expected = await kernelBits(shapes, 'off');
    for (const width of nativeWidthsHere) expect(await kernelBits(shapes, width), width).toEqual(expected);
  });
});
