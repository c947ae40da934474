// Passes over whole tensors, and sums per channel.
import { activationFloor, addToDoubles, clampBelow, floats, loadLanes, storeLanes, zeroFill } from './simd';

@inline
function reluGradLanes(dy: usize, y: usize, dx: usize, lanes: i32): void {
  storeLanes(dx, v128.and(loadLanes(dy, lanes), f32x4.gt(loadLanes(y, lanes), f32x4.splat(0))), lanes);
}

/** dx = dy where y > 0, else 0; dx may be dy. */
export function reluGrad(dy: usize, y: usize, dx: usize, n: i32): void {
  const whole = floats(n & ~3);
  for (let i: usize = 0; i < whole; i += 16) reluGradLanes(dy + i, y + i, dx + i, 4);
  if (n & 3) reluGradLanes(dy + whole, y + whole, dx + whole, n & 3);
}

@inline
function tanhGradLanes(dy: usize, y: usize, dx: usize, lanes: i32): void {
  const value = loadLanes(y, lanes);
  storeLanes(dx, f32x4.mul(loadLanes(dy, lanes), f32x4.sub(f32x4.splat(1), f32x4.mul(value, value))), lanes);
}

/** dx = dy * (1 - y^2). */
export function tanhGrad(dy: usize, y: usize, dx: usize, n: i32): void {
  const whole = floats(n & ~3);
  for (let i: usize = 0; i < whole; i += 16) tanhGradLanes(dy + i, y + i, dx + i, 4);
  if (n & 3) tanhGradLanes(dy + whole, y + whole, dx + whole, n & 3);
}

@inline
function addLanes(a: usize, b: usize, y: usize, floor: v128, lanes: i32): void {
  storeLanes(y, clampBelow(f32x4.add(loadLanes(a, lanes), loadLanes(b, lanes)), floor), lanes);
}

/** y = a + b, then ReLU if requested; y may be a or b. */
export function add(a: usize, b: usize, y: usize, n: i32, relu: i32): void {
  const floor = activationFloor(relu),
    whole = floats(n & ~3);
  for (let i: usize = 0; i < whole; i += 16) addLanes(a + i, b + i, y + i, floor, 4);
  if (n & 3) addLanes(a + whole, b + whole, y + whole, floor, n & 3);
}

const BLOCK_ROWS: i32 = 256;

@inline
function addColumn(x: usize, row: usize, rows: i32, sums: usize, lanes: i32): void {
  let even = f32x4.splat(0),
    odd = even;
  for (; rows >= 2; rows -= 2) {
    even = f32x4.add(even, loadLanes(x, lanes));
    odd = f32x4.add(odd, loadLanes(x + row, lanes));
    x += row << 1;
  }
  if (rows) even = f32x4.add(even, loadLanes(x, lanes));
  addToDoubles(sums, f32x4.add(even, odd));
}

export function channelSumsScratch(channels: i32): usize {
  return (<usize>(channels + 3)) << 3;
}

/** sums[c] = sum over rows of x[row][c]: the gradient of a bias. */
export function channelSums(x: usize, sums: usize, scratch: usize, rows: i32, channels: i32): void {
  zeroFill(scratch, channelSumsScratch(channels));
  addChannelSums(x, scratch, rows, channels);
  finishChannelSums(scratch, sums, channels);
}

/** Adds to float64 sums. */
export function addChannelSums(x: usize, scratch: usize, rows: i32, channels: i32): void {
  const row = floats(channels),
    whole = channels & ~3;
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const count = min(BLOCK_ROWS, rows - first);
    for (let c = 0; c < whole; c += 4) addColumn(x + floats(c), row, count, scratch + ((<usize>c) << 3), 4);
    if (channels & 3) addColumn(x + floats(whole), row, count, scratch + ((<usize>whole) << 3), channels & 3);
    x += row * BLOCK_ROWS;
  }
}

export function finishChannelSums(scratch: usize, sums: usize, channels: i32): void {
  for (let c = 0; c < channels; ++c) store<f32>(sums + floats(c), <f32>load<f64>(scratch + ((<usize>c) << 3)));
}

/**
 * ResNet's parameter-free shortcut (option A): small[n, h, w, pad + c] = large[n, h * stride, w * stride, c], other
 * channels 0; a negative pad crops channels. `backward` copies the other way, for the gradient. The destination is
 * zeroed first.
 */
export function shortcut(
  large: usize,
  small: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  stride: i32,
  channelPad: i32,
  backward: i32,
): void {
  const smallHeight = (height + stride - 1) / stride,
    smallWidth = (width + stride - 1) / stride,
    smallChannels = channels + 2 * channelPad;
  const shared = floats(min(channels, smallChannels)),
    crop = max(0, -channelPad),
    margin = max(0, channelPad);
  if (backward) zeroFill(large, floats(batch * height * width * channels));
  else zeroFill(small, floats(batch * smallHeight * smallWidth * smallChannels));
  for (let n = 0; n < batch; ++n) {
    for (let h = 0; h < smallHeight; ++h) {
      for (let w = 0; w < smallWidth; ++w) {
        const atLarge = large + floats(((n * height + h * stride) * width + w * stride) * channels + crop);
        const atSmall = small + floats(((n * smallHeight + h) * smallWidth + w) * smallChannels + margin);
        if (backward) memory.copy(atLarge, atSmall, shared);
        else memory.copy(atSmall, atLarge, shared);
      }
    }
  }
}
