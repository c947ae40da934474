// Dropout with a counter-based generator: only hash(i, key) decides element i. The mask is therefore the same on every
// engine, and needs neither state nor memory between forward and backward.
import { floats, loadLanes, storeLanes } from './simd';

/** MurmurHash3's finalizer (A. Appleby) over i * 2^32 / phi + key, four counters at a time. */
@inline
function hash(counters: v128, key: v128): v128 {
  let h = i32x4.add(i32x4.mul(counters, i32x4.splat(0x9e3779b1)), key);
  h = v128.xor(h, i32x4.shr_u(h, 16));
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/** Factors of four neighboring counters: scale where hash >= threshold, else 0. */
@inline
function factors(first: i32, key: v128, threshold: v128, scale: v128): v128 {
  const counters = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  return v128.and(scale, i32x4.ge_u(hash(counters, key), threshold));
}

/** y[i] = x[i] * factor(i). */
export function dropoutElements(x: usize, y: usize, n: i32, key: i32, threshold: i32, scale: f32): void {
  const keys = i32x4.splat(key),
    thresholds = i32x4.splat(threshold),
    scales = f32x4.splat(scale),
    whole = n & ~3;
  for (let i = 0; i < whole; i += 4)
    v128.store(y + floats(i), f32x4.mul(v128.load(x + floats(i)), factors(i, keys, thresholds, scales)));
  if (n & 3)
    storeLanes(
      y + floats(whole),
      f32x4.mul(loadLanes(x + floats(whole), n & 3), factors(whole, keys, thresholds, scales)),
      n & 3,
    );
}

export function dropoutChannelsScratch(channels: i32): usize {
  return floats(channels + 3);
}

/** y[n, p, c] = x[n, p, c] * factor(n * channels + c): whole channels of a sample are dropped. */
export function dropoutChannels(
  x: usize,
  y: usize,
  scratch: usize,
  batch: i32,
  pixels: i32,
  channels: i32,
  key: i32,
  threshold: i32,
  scale: f32,
): void {
  const keys = i32x4.splat(key),
    thresholds = i32x4.splat(threshold),
    scales = f32x4.splat(scale);
  const row = floats(channels),
    whole = floats(channels & ~3),
    rest = channels & 3;
  for (let n = 0; n < batch; ++n) {
    for (let c = 0; c < channels; c += 4)
      v128.store(scratch + floats(c), factors(n * channels + c, keys, thresholds, scales));
    for (let p = 0; p < pixels; ++p) {
      for (let c: usize = 0; c < whole; c += 16) v128.store(y + c, f32x4.mul(v128.load(x + c), v128.load(scratch + c)));
      if (rest) storeLanes(y + whole, f32x4.mul(loadLanes(x + whole, rest), v128.load(scratch + whole)), rest);
      x += row;
      y += row;
    }
  }
}
