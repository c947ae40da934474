import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect } from 'vitest';

// At its first use, this backend prints an advertisement for tfjs-node, which stands between the results of tests.
(tf.findBackend('cpu') as unknown as { firstUse: boolean }).firstUse = false;

export const DIRECT = 1e-4;
export const WINOGRAD = 1e-3;

/** Reproducible values, roughly normal: the sum of four uniforms of a linear congruential generator. */
export function values(count: number, seed: number): Float32Array {
  let state = (seed * 2654435761) >>> 0;
  const uniform = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return Float32Array.from({ length: count }, () => (uniform() + uniform() + uniform() + uniform() - 2) * 1.5);
}

export function tensor(shape: readonly number[], seed: number): Tensor {
  return tf.tensor(values(tf.util.sizeFromShape([...shape]), seed), [...shape]);
}
export const tensor1d = (shape: readonly [number], seed: number): Tensor1D => tensor(shape, seed) as Tensor1D;
export const tensor2d = (shape: readonly [number, number], seed: number): Tensor2D => tensor(shape, seed) as Tensor2D;
export const tensor4d = (shape: readonly number[], seed: number): Tensor4D => tensor(shape, seed) as Tensor4D;

/** Any moves of a batch's pixels: sources from black to the last row or column, and up to 32 holes. */
export function pixelMoves(batch: number, height: number, width: number, seed = 1): Int32Array {
  const each = 2 * (height + width);
  const drawn = new Uint32Array(values(batch * each, seed).map((value) => Math.abs(value) * 2 ** 24));
  return Int32Array.from(drawn, (value, i) => {
    const at = i % each;
    if (at < height + width) return (value % ((at < height ? height : width) + 1)) - 1;
    return value % 3 === 0 ? 1 << (value % 32) : 0;
  });
}

/** A tensor of one value. */
export function constant(shape: readonly number[], value: number): Tensor {
  return tf.tensor(new Float32Array(tf.util.sizeFromShape([...shape])).fill(value), [...shape]);
}

/** Runs `compute` on a backend and returns the values of its tensors. */
export async function on(backend: string, compute: () => Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  return tf.tidy(() => compute().map((result) => result.dataSync<'float32'>().slice()));
}

/** The largest |Δ| / (|reference| + 1 % of the largest |reference|). */
export function relativeError(actual: ArrayLike<number>, reference: ArrayLike<number>): number {
  let largest = 0,
    worst = 0;
  for (let i = 0; i < reference.length; ++i) largest = Math.max(largest, Math.abs(reference[i] ?? NaN));
  for (let i = 0; i < reference.length; ++i) {
    const a = actual[i] ?? NaN,
      r = reference[i] ?? NaN;
    const error = a === r ? 0 : Math.abs(a - r) / (Math.abs(r) + 0.01 * largest);
    if (!(error <= worst)) worst = error; // keeps NaN
    if (Number.isNaN(worst)) return worst;
  }
  return worst;
}

const references = new Map<string, Float32Array[]>();

/**
 * Asserts that a backend and the composed operations on the plain JavaScript backend agree on every result. The slow
 * reference of a named case is computed once, so that several builds can be compared with it.
 */
export async function expectAgreement(
  backend: string,
  compute: () => Tensor[],
  tolerance: number,
  what = '',
): Promise<void> {
  const reference = references.get(what) ?? (await on('cpu', compute)),
    actual = await on(backend, compute);
  if (what) references.set(what, reference);
  expect(actual.length).toBe(reference.length);
  reference.forEach((expected, i) => {
    const found = actual[i] ?? new Float32Array(0);
    expect(found.length, `${what} result ${i}: length`).toBe(expected.length);
    expect(relativeError(found, expected), `${what} result ${i}: relative error`).toBeLessThanOrEqual(tolerance);
  });
}

/**
 * Largest relative difference of analytic gradients from central differences of sum(f(x) * weight), at up to 12
 * positions.
 */
export function gradientError(f: (x: Tensor) => Tensor, shape: readonly number[], seed: number, step = 1e-2): number {
  return tf.tidy(() => {
    const x = tensor(shape, seed),
      weight = tensor(f(x).shape, seed + 1);
    const analytic = tf
      .grad((at: Tensor) => f(at))(x, weight)
      .dataSync<'float32'>();
    const loss = (at: Float32Array): number => {
      const y = f(tf.tensor(at, [...shape])).dataSync<'float32'>(),
        w = weight.dataSync<'float32'>();
      return y.reduce((sum, v, i) => sum + v * (w[i] ?? 0), 0);
    };
    const base = x.dataSync<'float32'>(),
      places = Math.min(12, base.length),
      numeric: number[] = [],
      expected: number[] = [];
    for (let p = 0; p < places; ++p) {
      const i = Math.floor((p * base.length) / places);
      const shifted = (by: number): Float32Array => base.map((v, j) => (j === i ? v + by : v));
      numeric.push((loss(shifted(step)) - loss(shifted(-step))) / (2 * step));
      expected.push(analytic[i] ?? NaN);
    }
    return relativeError(numeric, expected);
  });
}
