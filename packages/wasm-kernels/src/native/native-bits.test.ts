import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { sample } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { on } from '@bakeoff/kernels/testing';
import { installWasmKernels } from '../index.ts';
import { anyChannels, kernelCases, wholeVectors } from '../testing/kernel-cases.ts';
import { loadAddon } from './load-addon.ts';
import type { NativeOption } from './native-options.ts';

setFlagsFromString('--experimental-wasm-relaxed-simd');

const addon = loadAddon();
const widths = 'why' in addon ? [] : addon.widths;

describe('the native kernels', () => {
  it('are there for this platform', () => expect(addon).toMatchObject({ widths: expect.any(Array) as unknown }));

  const shapes = [
    { name: 'any channels', cases: kernelCases(anyChannels), count: 6 },
    { name: 'whole vectors', cases: kernelCases(wholeVectors), count: 8 },
  ];
  it.each(shapes.flatMap(({ name, cases, count }) => widths.map((width) => ({ name, cases, count, width }))))(
    "give relaxed SIMD's bits at width $width on $name",
    async ({ cases, count, width }) => {
      const drawn = Object.entries(cases).flatMap(([kernel, arbitrary]) =>
        sample(arbitrary, { numRuns: count, seed: 7 }).map(({ what, compute }) => ({
          what: `${kernel} ${what}`,
          compute,
        })),
      );
      const bits = async (native: NativeOption): Promise<Record<string, string>> => {
        await installWasmKernels({ build: 'relaxed-simd', native });
        const results: Record<string, string> = {};
        for (const { what, compute } of drawn) results[what] = digest(await on('wasm', compute));
        return results;
      };
      expect(await bits(width)).toEqual(await bits('off'));
    },
  );
});

function digest(results: Float32Array[]): string {
  const hash = createHash('sha256');
  for (const result of results) hash.update(new Uint8Array(result.buffer, result.byteOffset, result.byteLength));
  return hash.digest('hex');
}
