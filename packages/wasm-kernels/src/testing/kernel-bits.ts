import { createHash } from 'node:crypto';
import { sample } from 'fast-check';
import { on } from '@bakeoff/kernels/testing';
import type { NativeOption } from '../native/native-options.ts';
import { installWasmKernels } from '../wasm/install.ts';
import { blockCases } from './block-cases.ts';
import { anyChannels, type Case, type Channels, kernelCases, wholeVectors } from './kernel-cases.ts';

/** Cases of every kernel, always the same ones. */
function drawn(channels: Channels, count: number): Case[] {
  return Object.entries(kernelCases(channels)).flatMap(([kernel, arbitrary]) =>
    sample(arbitrary, { numRuns: count, seed: 7 }).map(({ what, compute }) => ({ what: `${kernel} ${what}`, compute })),
  );
}

const shapes = {
  'any channels': () => drawn(anyChannels, 6),
  'whole vectors': () => drawn(wholeVectors, 8),
  'many blocks': () => blockCases,
};
type Shapes = keyof typeof shapes;
export const shapeNames = Object.keys(shapes) as Shapes[];

/** SHA-256 of what the cases compute with these native kernels, by case. */
export async function kernelBits(name: Shapes, native: NativeOption): Promise<Record<string, string>> {
  await installWasmKernels({ build: 'relaxed-simd', native });
  const results: Record<string, string> = {};
  for (const { what, compute } of shapes[name]()) results[what] = digest(await on('wasm', compute));
  return results;
}

function digest(results: readonly Float32Array[]): string {
  const hash = createHash('sha256');
  for (const result of results) hash.update(new Uint8Array(result.buffer, result.byteOffset, result.byteLength));
  return hash.digest('hex');
}
