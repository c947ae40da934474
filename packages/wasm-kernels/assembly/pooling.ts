// Pooling, NHWC. Vectors run along the channels.
import { Window } from './geometry';
import { floats, loadLanes, storeLanes, zeroFill } from './simd';

@inline
function meanLanes(x: usize, pixel: usize, pixels: i32, lanes: i32): v128 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < pixels; ++i) {
    sum = f32x4.add(sum, loadLanes(x, lanes));
    x += pixel;
  }
  return f32x4.div(sum, f32x4.splat(<f32>pixels));
}

/** [batch, pixels, channels] -> [batch, channels]. */
export function globalAverage(x: usize, y: usize, batch: i32, pixels: i32, channels: i32): void {
  const pixel = floats(channels),
    whole = floats(channels & ~3),
    rest = channels & 3;
  for (let n = 0; n < batch; ++n) {
    for (let c: usize = 0; c < whole; c += 16) v128.store(y + c, meanLanes(x + c, pixel, pixels, 4));
    if (rest) storeLanes(y + whole, meanLanes(x + whole, pixel, pixels, rest), rest);
    x += <usize>pixels * pixel;
    y += pixel;
  }
}

export function globalAverageGrad(dy: usize, dx: usize, batch: i32, pixels: i32, channels: i32): void {
  const pixel = floats(channels),
    whole = floats(channels & ~3),
    rest = channels & 3,
    divisor = f32x4.splat(<f32>pixels);
  for (let n = 0; n < batch; ++n) {
    const first = dx;
    for (let c: usize = 0; c < whole; c += 16) v128.store(dx + c, f32x4.div(v128.load(dy + c), divisor));
    if (rest) storeLanes(dx + whole, f32x4.div(loadLanes(dy + whole, rest), divisor), rest);
    dx += pixel;
    for (let i = 1; i < pixels; ++i) {
      memory.copy(dx, first, pixel);
      dx += pixel;
    }
    dy += pixel;
  }
}

@inline
function isHalving(g: Window): bool {
  return (
    g.kernelHeight == 2 &&
    g.kernelWidth == 2 &&
    g.strideHeight == 2 &&
    g.strideWidth == 2 &&
    (g.padTop | g.padLeft) == 0 &&
    g.outHeight * 2 == g.inHeight &&
    g.outWidth * 2 == g.inWidth
  );
}

@inline
function maxOfFour(x: usize, y: usize, pixel: usize, row: usize, lanes: i32): void {
  const upper = f32x4.max(loadLanes(x, lanes), loadLanes(x + pixel, lanes));
  const lower = f32x4.max(loadLanes(x + row, lanes), loadLanes(x + row + pixel, lanes));
  storeLanes(y, f32x4.max(upper, lower), lanes);
}

function maxPoolHalving(g: Window, x: usize, y: usize): void {
  const pixel = floats(g.inChannels),
    row = pixel * g.inWidth,
    whole = floats(g.inChannels & ~3),
    rest = g.inChannels & 3;
  for (let r = g.batch * g.outHeight; r > 0; --r) {
    for (let w = 0; w < g.outWidth; ++w) {
      for (let c: usize = 0; c < whole; c += 16) maxOfFour(x + c, y + c, pixel, row, 4);
      if (rest) maxOfFour(x + whole, y + whole, pixel, row, rest);
      x += pixel << 1;
      y += pixel;
    }
    x += row;
  }
}

/** Gives dy to the first of the four positions that equals the maximum; `taken` marks the lanes already served. */
@inline
function gradOfFour(x: usize, y: usize, dy: usize, dx: usize, pixel: usize, row: usize, lanes: i32): void {
  const peak = loadLanes(y, lanes),
    d = loadLanes(dy, lanes);
  let hit = f32x4.eq(loadLanes(x, lanes), peak),
    taken = hit;
  storeLanes(dx, v128.and(d, hit), lanes);
  hit = v128.andnot(f32x4.eq(loadLanes(x + pixel, lanes), peak), taken);
  taken = v128.or(taken, hit);
  storeLanes(dx + pixel, v128.and(d, hit), lanes);
  hit = v128.andnot(f32x4.eq(loadLanes(x + row, lanes), peak), taken);
  taken = v128.or(taken, hit);
  storeLanes(dx + row, v128.and(d, hit), lanes);
  hit = v128.andnot(f32x4.eq(loadLanes(x + row + pixel, lanes), peak), taken);
  storeLanes(dx + row + pixel, v128.and(d, hit), lanes);
}

function maxPoolHalvingGrad(g: Window, x: usize, y: usize, dy: usize, dx: usize): void {
  const pixel = floats(g.inChannels),
    row = pixel * g.inWidth,
    whole = floats(g.inChannels & ~3),
    rest = g.inChannels & 3;
  for (let r = g.batch * g.outHeight; r > 0; --r) {
    for (let w = 0; w < g.outWidth; ++w) {
      for (let c: usize = 0; c < whole; c += 16) gradOfFour(x + c, y + c, dy + c, dx + c, pixel, row, 4);
      if (rest) gradOfFour(x + whole, y + whole, dy + whole, dx + whole, pixel, row, rest);
      x += pixel << 1;
      dx += pixel << 1;
      y += pixel;
      dy += pixel;
    }
    x += row;
    dx += row;
  }
}

@inline
function maxOfWindow(
  x: usize,
  g: Window,
  firstRow: i32,
  lastRow: i32,
  firstColumn: i32,
  lastColumn: i32,
  lanes: i32,
): v128 {
  let peak = f32x4.splat(-Infinity);
  for (let h = firstRow; h < lastRow; ++h) {
    for (let w = firstColumn; w < lastColumn; ++w)
      peak = f32x4.max(peak, loadLanes(x + floats((h * g.inWidth + w) * g.inChannels), lanes));
  }
  return peak;
}

/** y = maximum of each window; positions in the padding count as minus infinity. */
export function maxPool(g: Window, x: usize, y: usize): void {
  if (isHalving(g)) {
    maxPoolHalving(g, x, y);
    return;
  }
  const whole = floats(g.inChannels & ~3),
    rest = g.inChannels & 3;
  for (let n = 0; n < g.batch; ++n) {
    for (let oh = 0; oh < g.outHeight; ++oh) {
      const top = oh * g.strideHeight - g.padTop,
        firstRow = max(0, top),
        lastRow = min(g.inHeight, top + g.kernelHeight);
      for (let ow = 0; ow < g.outWidth; ++ow) {
        const left = ow * g.strideWidth - g.padLeft,
          firstColumn = max(0, left),
          lastColumn = min(g.inWidth, left + g.kernelWidth);
        for (let c: usize = 0; c < whole; c += 16)
          v128.store(y + c, maxOfWindow(x + c, g, firstRow, lastRow, firstColumn, lastColumn, 4));
        if (rest)
          storeLanes(y + whole, maxOfWindow(x + whole, g, firstRow, lastRow, firstColumn, lastColumn, rest), rest);
        y += floats(g.inChannels);
      }
    }
    x += g.inImageBytes();
  }
}

@inline
function addGradOfWindow(
  x: usize,
  peak: v128,
  d: v128,
  dx: usize,
  g: Window,
  firstRow: i32,
  lastRow: i32,
  firstColumn: i32,
  lastColumn: i32,
  lanes: i32,
): void {
  let taken = i32x4.splat(0);
  for (let h = firstRow; h < lastRow; ++h) {
    for (let w = firstColumn; w < lastColumn; ++w) {
      const at = floats((h * g.inWidth + w) * g.inChannels);
      const hit = v128.andnot(f32x4.eq(loadLanes(x + at, lanes), peak), taken);
      taken = v128.or(taken, hit);
      storeLanes(dx + at, f32x4.add(loadLanes(dx + at, lanes), v128.and(d, hit)), lanes);
    }
  }
}

/** dx: each window's dy goes to its first maximum. */
export function maxPoolGrad(g: Window, x: usize, y: usize, dy: usize, dx: usize): void {
  if (isHalving(g)) {
    maxPoolHalvingGrad(g, x, y, dy, dx);
    return;
  }
  zeroFill(dx, g.inImageBytes() * g.batch);
  const whole = floats(g.inChannels & ~3),
    rest = g.inChannels & 3;
  for (let n = 0; n < g.batch; ++n) {
    for (let oh = 0; oh < g.outHeight; ++oh) {
      const top = oh * g.strideHeight - g.padTop,
        firstRow = max(0, top),
        lastRow = min(g.inHeight, top + g.kernelHeight);
      for (let ow = 0; ow < g.outWidth; ++ow) {
        const left = ow * g.strideWidth - g.padLeft,
          firstColumn = max(0, left),
          lastColumn = min(g.inWidth, left + g.kernelWidth);
        for (let c: usize = 0; c < whole; c += 16)
          addGradOfWindow(
            x + c,
            v128.load(y + c),
            v128.load(dy + c),
            dx + c,
            g,
            firstRow,
            lastRow,
            firstColumn,
            lastColumn,
            4,
          );
        if (rest)
          addGradOfWindow(
            x + whole,
            loadLanes(y + whole, rest),
            loadLanes(dy + whole, rest),
            dx + whole,
            g,
            firstRow,
            lastRow,
            firstColumn,
            lastColumn,
            rest,
          );
        y += floats(g.inChannels);
        dy += floats(g.inChannels);
      }
    }
    x += g.inImageBytes();
    dx += g.inImageBytes();
  }
}
