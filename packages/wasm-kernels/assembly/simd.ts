// Vector helpers shared by all kernels. Four float32 lanes are one v128; `lanes` counts how many of them are real.

/**
 * a * b + c: fused in the relaxed-SIMD build, two roundings in the plain one. The only difference between the builds.
 */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** max(x, floor) in one machine instruction; a NaN in x stays NaN, so that divergence is visible. */
@inline
export function clampBelow(x: v128, floor: v128): v128 {
  return f32x4.pmax(x, floor);
}

/** The floor to clamp at: 0 applies ReLU, minus infinity changes nothing. */
@inline
export function activationFloor(relu: i32): v128 {
  return relu ? f32x4.splat(0) : f32x4.splat(-Infinity);
}

function loadPartial(p: usize, lanes: i32): v128 {
  let v = v128.load32_zero(p);
  if (lanes > 1) v = f32x4.replace_lane(v, 1, load<f32>(p, 4));
  if (lanes > 2) v = f32x4.replace_lane(v, 2, load<f32>(p, 8));
  return v;
}

function storePartial(p: usize, v: v128, lanes: i32): void {
  store<f32>(p, f32x4.extract_lane(v, 0));
  if (lanes > 1) store<f32>(p, f32x4.extract_lane(v, 1), 4);
  if (lanes > 2) store<f32>(p, f32x4.extract_lane(v, 2), 8);
}

/**
 * Loads 1 to 4 floats and sets the rest to 0, without reading beyond them. Inlined with the constant 4, it is one load.
 */
@inline
export function loadLanes(p: usize, lanes: i32): v128 {
  return lanes == 4 ? v128.load(p) : loadPartial(p, lanes);
}

@inline
export function storeLanes(p: usize, v: v128, lanes: i32): void {
  if (lanes == 4) v128.store(p, v);
  else storePartial(p, v, lanes);
}

/** Stores the first `count` (1 to 8) of two vectors of floats. */
export function storeEight(p: usize, low: v128, high: v128, count: i32): void {
  if (count > 4) {
    v128.store(p, low);
    storeLanes(p + 16, high, count - 4);
  } else {
    storeLanes(p, low, count);
  }
}

/** Adds four float32 to four float64 in memory: short partial sums are float32, long ones float64. */
@inline
export function addToDoubles(p: usize, v: v128): void {
  v128.store(p, f64x2.add(v128.load(p), f64x2.promote_low_f32x4(v)));
  const high = i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  v128.store(p, f64x2.add(v128.load(p, 16), f64x2.promote_low_f32x4(high)), 16);
}

@inline
export function horizontalSum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

@inline
export function zeroFill(p: usize, bytes: usize): void {
  memory.fill(p, 0, bytes);
}

@inline
export function roundUp(n: i32, multiple: i32): i32 {
  return ((n + multiple - 1) / multiple) * multiple;
}

/** Bytes of `n` float32. */
@inline
export function floats(n: i32): usize {
  return (<usize>n) << 2;
}

/** Bias (zeros if null) widened to a multiple of 8 channels. */
@inline
export function padBias(bias: usize, to: usize, channels: i32): void {
  zeroFill(to, floats(roundUp(channels, 8)));
  if (bias) memory.copy(to, bias, floats(channels));
}
