// The inner loops of all convolutions and matrix products: 4 rows x 8 columns of results in 8 registers, one step of
// the inner dimension at a time. They are written out by hand, and not wider: V8 schedules all loads of a loop's body
// before its arithmetic, so that accumulators and loaded vectors together must fit 15 registers. Unrolling the inner
// dimension or adding a fifth row makes V8 spill registers and halves the speed.
import { activationFloor, clampBelow, madd, storeEight } from './simd';

/**
 * 4 neighboring pixels x 8 output channels of a convolution, or 4 x 8 of a matrix product (kernelRows 1).
 * x: first input byte; panel: filter packed as [kernelRows][kernelLength][8];
 * bias: 8 floats to start from, or null for zeros;
 * xRow, xPixel, yPixel: byte distances between kernel rows, input pixels, output pixels; channels: 1 to 8 to store.
 */
@inline
export function convTile4x8(
  x: usize,
  panel: usize,
  bias: usize,
  y: usize,
  kernelRows: i32,
  kernelLength: i32,
  xRow: usize,
  xPixel: usize,
  yPixel: usize,
  channels: i32,
  relu: i32,
): void {
  let low0 = f32x4.splat(0),
    high0 = low0;
  if (bias) {
    low0 = v128.load(bias);
    high0 = v128.load(bias, 16);
  }
  let low1 = low0,
    high1 = high0,
    low2 = low0,
    high2 = high0,
    low3 = low0,
    high3 = high0;
  for (let row = 0; row < kernelRows; ++row) {
    let x0 = x,
      x1 = x0 + xPixel,
      x2 = x1 + xPixel,
      x3 = x2 + xPixel;
    for (let k = kernelLength; k > 0; --k) {
      const wLow = v128.load(panel),
        wHigh = v128.load(panel, 16);
      let a = v128.load32_splat(x0);
      low0 = madd(a, wLow, low0);
      high0 = madd(a, wHigh, high0);
      a = v128.load32_splat(x1);
      low1 = madd(a, wLow, low1);
      high1 = madd(a, wHigh, high1);
      a = v128.load32_splat(x2);
      low2 = madd(a, wLow, low2);
      high2 = madd(a, wHigh, high2);
      a = v128.load32_splat(x3);
      low3 = madd(a, wLow, low3);
      high3 = madd(a, wHigh, high3);
      panel += 32;
      x0 += 4;
      x1 += 4;
      x2 += 4;
      x3 += 4;
    }
    x += xRow;
  }
  if (relu) {
    const floor = activationFloor(1);
    low0 = clampBelow(low0, floor);
    high0 = clampBelow(high0, floor);
    low1 = clampBelow(low1, floor);
    high1 = clampBelow(high1, floor);
    low2 = clampBelow(low2, floor);
    high2 = clampBelow(high2, floor);
    low3 = clampBelow(low3, floor);
    high3 = clampBelow(high3, floor);
  }
  storeRow(y, low0, high0, channels);
  y += yPixel;
  storeRow(y, low1, high1, channels);
  y += yPixel;
  storeRow(y, low2, high2, channels);
  y += yPixel;
  storeRow(y, low3, high3, channels);
}

/** One pixel x 8 output channels: for the pixels left over in a row. */
@inline
export function convTile1x8(
  x: usize,
  panel: usize,
  bias: usize,
  y: usize,
  kernelRows: i32,
  kernelLength: i32,
  xRow: usize,
  channels: i32,
  relu: i32,
): void {
  let low = v128.load(bias),
    high = v128.load(bias, 16);
  for (let row = 0; row < kernelRows; ++row) {
    let x0 = x;
    for (let k = kernelLength; k > 0; --k) {
      const a = v128.load32_splat(x0);
      low = madd(a, v128.load(panel), low);
      high = madd(a, v128.load(panel, 16), high);
      panel += 32;
      x0 += 4;
    }
    x += xRow;
  }
  const floor = activationFloor(relu);
  storeRow(y, clampBelow(low, floor), clampBelow(high, floor), channels);
}

@inline
function storeRow(y: usize, low: v128, high: v128, channels: i32): void {
  if (channels == 8) {
    v128.store(y, low);
    v128.store(y, high, 16);
  } else {
    storeEight(y, low, high, channels);
  }
}

/**
 * sums[4][8] += over rows x columns of pixels: 4 neighboring input floats (outer product) 8 gradient floats.
 * The inner loop of every filter gradient.
 */
@inline
export function outerProductTile4x8(
  x: usize,
  dy: usize,
  sums: usize,
  rows: i32,
  columns: i32,
  xRow: usize,
  xPixel: usize,
  dyRow: usize,
  dyPixel: usize,
): void {
  let low0 = v128.load(sums),
    high0 = v128.load(sums, 16);
  let low1 = v128.load(sums, 32),
    high1 = v128.load(sums, 48);
  let low2 = v128.load(sums, 64),
    high2 = v128.load(sums, 80);
  let low3 = v128.load(sums, 96),
    high3 = v128.load(sums, 112);
  for (let row = 0; row < rows; ++row) {
    let xx = x,
      dd = dy;
    for (let i = columns; i > 0; --i) {
      const dLow = v128.load(dd),
        dHigh = v128.load(dd, 16);
      let a = v128.load32_splat(xx);
      low0 = madd(a, dLow, low0);
      high0 = madd(a, dHigh, high0);
      a = v128.load32_splat(xx, 4);
      low1 = madd(a, dLow, low1);
      high1 = madd(a, dHigh, high1);
      a = v128.load32_splat(xx, 8);
      low2 = madd(a, dLow, low2);
      high2 = madd(a, dHigh, high2);
      a = v128.load32_splat(xx, 12);
      low3 = madd(a, dLow, low3);
      high3 = madd(a, dHigh, high3);
      xx += xPixel;
      dd += dyPixel;
    }
    x += xRow;
    dy += dyRow;
  }
  v128.store(sums, low0);
  v128.store(sums, high0, 16);
  v128.store(sums, low1, 32);
  v128.store(sums, high1, 48);
  v128.store(sums, low2, 64);
  v128.store(sums, high2, 80);
  v128.store(sums, low3, 96);
  v128.store(sums, high3, 112);
}

/** The same for one input float. */
@inline
export function outerProductTile1x8(
  x: usize,
  dy: usize,
  sums: usize,
  rows: i32,
  columns: i32,
  xRow: usize,
  xPixel: usize,
  dyRow: usize,
  dyPixel: usize,
): void {
  let low = v128.load(sums),
    high = v128.load(sums, 16);
  for (let row = 0; row < rows; ++row) {
    let xx = x,
      dd = dy;
    for (let i = columns; i > 0; --i) {
      const a = v128.load32_splat(xx);
      low = madd(a, v128.load(dd), low);
      high = madd(a, v128.load(dd, 16), high);
      xx += xPixel;
      dd += dyPixel;
    }
    x += xRow;
    dy += dyRow;
  }
  v128.store(sums, low);
  v128.store(sums, high, 16);
}

/** A matrix-product tile from packed panels a [k][4] and b [k][8]; c[4][8] is overwritten, or added to. */
export function productTile4x8(a: usize, b: usize, c: usize, cRow: usize, k: i32, accumulate: bool): void {
  let low0 = f32x4.splat(0),
    high0 = low0,
    low1 = low0,
    high1 = low0,
    low2 = low0,
    high2 = low0,
    low3 = low0,
    high3 = low0;
  for (; k > 0; --k) {
    const bLow = v128.load(b),
      bHigh = v128.load(b, 16);
    let s = v128.load32_splat(a);
    low0 = madd(s, bLow, low0);
    high0 = madd(s, bHigh, high0);
    s = v128.load32_splat(a, 4);
    low1 = madd(s, bLow, low1);
    high1 = madd(s, bHigh, high1);
    s = v128.load32_splat(a, 8);
    low2 = madd(s, bLow, low2);
    high2 = madd(s, bHigh, high2);
    s = v128.load32_splat(a, 12);
    low3 = madd(s, bLow, low3);
    high3 = madd(s, bHigh, high3);
    a += 16;
    b += 32;
  }
  putProductRow(c, low0, high0, accumulate);
  c += cRow;
  putProductRow(c, low1, high1, accumulate);
  c += cRow;
  putProductRow(c, low2, high2, accumulate);
  c += cRow;
  putProductRow(c, low3, high3, accumulate);
}

@inline
function putProductRow(c: usize, low: v128, high: v128, accumulate: bool): void {
  v128.store(c, accumulate ? f32x4.add(low, v128.load(c)) : low);
  v128.store(c, accumulate ? f32x4.add(high, v128.load(c, 16)) : high, 16);
}
