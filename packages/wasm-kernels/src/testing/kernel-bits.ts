import { createHash } from 'node:crypto';
import { sample } from 'fast-check';
import { on } from '@bakeoff/kernels/testing';
import type { NativeOption } from '../native/native-options.ts';
import { installWasmKernels } from '../wasm/install.ts';
import { anyChannels, kernelCases, wholeVectors } from './kernel-cases.ts';

const shapes = {
  'any channels': { cases: kernelCases(anyChannels), count: 6 },
  'whole vectors': { cases: kernelCases(wholeVectors), count: 8 },
};
type Shapes = keyof typeof shapes;
export const shapeNames = Object.keys(shapes) as Shapes[];

/** SHA-256 of what every kernel computes on the cases of the property tests, with these native kernels, by case. */
export async function kernelBits(name: Shapes, native: NativeOption): Promise<Record<string, string>> {
  const { cases, count } = shapes[name];
  await installWasmKernels({ build: 'relaxed-simd', native });
  const results: Record<string, string> = {};
  for (const [kernel, arbitrary] of Object.entries(cases)) {
    for (const { what, compute } of sample(arbitrary, { numRuns: count, seed: 7 }))
      results[`${kernel} ${what}`] = digest(await on('wasm', compute));
  }
  return results;
}

function digest(results: readonly Float32Array[]): string {
  const hash = createHash('sha256');
  for (const result of results) hash.update(new Uint8Array(result.buffer, result.byteOffset, result.byteLength));
  return hash.digest('hex');
}
