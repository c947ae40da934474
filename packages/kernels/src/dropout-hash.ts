/** MurmurHash3's finalizer (A. Appleby): every input bit reaches every output bit. Public domain. */
function mix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const GOLDEN = 0x9e3779b1; // 2^32 / golden ratio: spreads neighboring counters

/**
 * The key of one dropout mask: a uint32 that depends only on its three counters, so a resumed run draws the masks that
 * the uninterrupted one would have drawn. Arguments are taken modulo 2^32.
 */
export function dropoutKey(seed: number, step: number, layer: number): number {
  return mix(Math.imul(mix(Math.imul(mix(seed | 0) + step, GOLDEN)) + layer, GOLDEN));
}

/** Uniform uint32 of element `index` under `key`; the WASM kernels compute the same. */
export function dropoutHash(index: number, key: number): number {
  return mix((Math.imul(index, GOLDEN) + key) | 0);
}

/** The factors of dropout for elements 0 … count - 1. */
export function dropoutFactors(count: number, key: number, rate: number): Float32Array {
  const threshold = dropoutThreshold(rate),
    scale = 1 / (1 - rate),
    factors = new Float32Array(count);
  for (let i = 0; i < count; ++i) if (dropoutHash(i, key) >= threshold) factors[i] = scale;
  return factors;
}

/** An element is kept if its hash is at least this: rate * 2^32, rounded up, within uint32. */
export function dropoutThreshold(rate: number): number {
  return Math.min(Math.ceil(rate * 2 ** 32), 2 ** 32 - 1);
}
