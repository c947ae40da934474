// Batch normalisation over all axes but the last, on [rows, channels]. Sums run in float32 over a block of rows, then in float64.
import { activationFloor, addToDoubles, clampBelow, floats, loadLanes, madd, storeLanes, zeroFill } from './simd';

/** Rows of a block that stays in the first-level cache, three tensors of it, while its channel groups are summed one by one. */
@inline
function rowsPerBlock(channels: i32): i32 {
  return max(16, min(256, 2048 / channels));
}

export function batchNormScratch(channels: i32): usize {
  return 2 * sumsBytes(channels) + floats(3 * channels);
}

/** Float64 sums per channel, in whole groups of four. */
@inline
function sumsBytes(channels: i32): usize {
  return (<usize>((channels + 3) & ~3)) << 3;
}

/** Adds the sums of (x - pivot) and of its square; the pivot, a value of the channel, keeps the variance from cancelling. */
@inline
function addMoments(x: usize, row: usize, rows: i32, pivot: v128, sums: usize, squares: usize, lanes: i32): void {
  let sum = f32x4.splat(0), square = sum, sumOdd = sum, squareOdd = sum;
  for (; rows >= 2; rows -= 2) {
    const a = f32x4.sub(loadLanes(x, lanes), pivot), b = f32x4.sub(loadLanes(x + row, lanes), pivot);
    sum = f32x4.add(sum, a);
    square = madd(a, a, square);
    sumOdd = f32x4.add(sumOdd, b);
    squareOdd = madd(b, b, squareOdd);
    x += row << 1;
  }
  if (rows) {
    const a = f32x4.sub(loadLanes(x, lanes), pivot);
    sum = f32x4.add(sum, a);
    square = madd(a, a, square);
  }
  addToDoubles(sums, f32x4.add(sum, sumOdd));
  addToDoubles(squares, f32x4.add(square, squareOdd));
}

function sumMoments(x: usize, rows: i32, channels: i32, sums: usize, squares: usize): void {
  const row = floats(channels), whole = channels & ~3, rest = channels & 3;
  const pivots = x, block = rowsPerBlock(channels);
  for (let first = 0; first < rows; first += block) {
    const count = min(block, rows - first);
    for (let c = 0; c < whole; c += 4) addMoments(x + floats(c), row, count, v128.load(pivots + floats(c)), sums + (<usize>c << 3), squares + (<usize>c << 3), 4);
    if (rest) addMoments(x + floats(whole), row, count, loadLanes(pivots + floats(whole), rest), sums + (<usize>whole << 3), squares + (<usize>whole << 3), rest);
    x += row * block;
  }
}

/**
 * y = gamma * (x - mean) / sqrt(variance + epsilon) + beta, then ReLU where asked.
 * statistics [3][channels]: mean, biased variance, 1 / sqrt(variance + epsilon).
 */
export function batchNormForward(x: usize, gamma: usize, beta: usize, y: usize, statistics: usize, scratch: usize, rows: i32, channels: i32, epsilon: f64, relu: i32): void {
  const sums = scratch, squares = sums + sumsBytes(channels), scale = squares + sumsBytes(channels), shift = scale + floats(channels);
  zeroFill(scratch, 2 * sumsBytes(channels));
  sumMoments(x, rows, channels, sums, squares);
  const means = statistics, variances = means + floats(channels), inverses = variances + floats(channels);
  for (let c = 0; c < channels; ++c) {
    const offset = load<f64>(sums + (<usize>c << 3)) / rows;
    const variance = max(0.0, load<f64>(squares + (<usize>c << 3)) / rows - offset * offset);
    const mean = <f64>load<f32>(x + floats(c)) + offset, inverse = 1.0 / sqrt<f64>(variance + epsilon);
    store<f32>(means + floats(c), <f32>mean);
    store<f32>(variances + floats(c), <f32>variance);
    store<f32>(inverses + floats(c), <f32>inverse);
    const factor = <f64>load<f32>(gamma + floats(c)) * inverse;
    store<f32>(scale + floats(c), <f32>factor);
    store<f32>(shift + floats(c), <f32>(<f64>load<f32>(beta + floats(c)) - mean * factor));
  }
  scaleShift(x, scale, shift, y, rows, channels, relu);
}

@inline
function scaleShiftColumn(x: usize, y: usize, row: usize, rows: i32, scale: v128, shift: v128, floor: v128, lanes: i32): void {
  for (; rows > 0; --rows) {
    storeLanes(y, clampBelow(madd(loadLanes(x, lanes), scale, shift), floor), lanes);
    x += row;
    y += row;
  }
}

/** y = x * scale + shift by channel, then ReLU where asked: batch norm with its statistics folded. */
export function scaleShift(x: usize, scale: usize, shift: usize, y: usize, rows: i32, channels: i32, relu: i32): void {
  const floor = activationFloor(relu), whole = floats(channels & ~3), rest = channels & 3, row = floats(channels), block = rowsPerBlock(channels);
  for (let first = 0; first < rows; first += block) {
    const count = min(block, rows - first);
    for (let c: usize = 0; c < whole; c += 16) scaleShiftColumn(x + c, y + c, row, count, v128.load(scale + c), v128.load(shift + c), floor, 4);
    if (rest) scaleShiftColumn(x + whole, y + whole, row, count, loadLanes(scale + whole, rest), loadLanes(shift + whole, rest), floor, rest);
    x += row * block;
    y += row * block;
  }
}

/** dy, or 0 where a ReLU behind the normalisation was closed (its output y is not positive). */
@inline
function openGradient(dy: usize, y: usize, relu: bool, lanes: i32): v128 {
  const d = loadLanes(dy, lanes);
  return relu ? v128.and(d, f32x4.gt(loadLanes(y, lanes), f32x4.splat(0))) : d;
}

/** Adds the sums of dy and of dy * (x - mean). */
@inline
function addGradientSums(x: usize, dy: usize, y: usize, row: usize, rows: i32, mean: v128, sums: usize, products: usize, relu: bool, lanes: i32): void {
  let sum = f32x4.splat(0), product = sum;
  for (; rows > 0; --rows) {
    const d = openGradient(dy, y, relu, lanes);
    sum = f32x4.add(sum, d);
    product = madd(d, f32x4.sub(loadLanes(x, lanes), mean), product);
    x += row;
    dy += row;
    y += row;
  }
  addToDoubles(sums, sum);
  addToDoubles(products, product);
}

@inline
function sumGradients(x: usize, dy: usize, y: usize, means: usize, rows: i32, channels: i32, sums: usize, products: usize, relu: bool): void {
  const row = floats(channels), whole = channels & ~3, rest = channels & 3;
  const block = rowsPerBlock(channels);
  for (let first = 0; first < rows; first += block) {
    const count = min(block, rows - first);
    for (let c = 0; c < whole; c += 4) {
      const at = floats(c), wide = <usize>c << 3;
      addGradientSums(x + at, dy + at, y + at, row, count, v128.load(means + at), sums + wide, products + wide, relu, 4);
    }
    if (rest) {
      const at = floats(whole), wide = <usize>whole << 3;
      addGradientSums(x + at, dy + at, y + at, row, count, loadLanes(means + at, rest), sums + wide, products + wide, relu, rest);
    }
    x += row * block;
    dy += row * block;
    y += row * block;
  }
}

@inline
function applyGradientColumn(x: usize, dy: usize, y: usize, dx: usize, row: usize, rows: i32, a: v128, b: v128, d: v128, relu: bool, lanes: i32): void {
  for (; rows > 0; --rows) {
    storeLanes(dx, madd(openGradient(dy, y, relu, lanes), a, madd(loadLanes(x, lanes), b, d)), lanes);
    x += row;
    dy += row;
    y += row;
    dx += row;
  }
}

/** dx = a * dy + b * x + d by channel. */
@inline
function applyGradient(x: usize, dy: usize, y: usize, a: usize, b: usize, d: usize, dx: usize, rows: i32, channels: i32, relu: bool): void {
  const row = floats(channels), whole = floats(channels & ~3), rest = channels & 3, block = rowsPerBlock(channels);
  for (let first = 0; first < rows; first += block) {
    const count = min(block, rows - first);
    for (let c: usize = 0; c < whole; c += 16) applyGradientColumn(x + c, dy + c, y + c, dx + c, row, count, v128.load(a + c), v128.load(b + c), v128.load(d + c), relu, 4);
    if (rest) applyGradientColumn(x + whole, dy + whole, y + whole, dx + whole, row, count, loadLanes(a + whole, rest), loadLanes(b + whole, rest), loadLanes(d + whole, rest), relu, rest);
    x += row * block;
    dy += row * block;
    y += row * block;
    dx += row * block;
  }
}

/** Gradients of batchNormForward; y (read only with relu) is its output. */
export function batchNormBackward(x: usize, dy: usize, y: usize, gamma: usize, statistics: usize, dx: usize, dGamma: usize, dBeta: usize, scratch: usize, rows: i32, channels: i32, relu: i32): void {
  const sums = scratch, products = sums + sumsBytes(channels);
  const a = products + sumsBytes(channels), b = a + floats(channels), d = b + floats(channels);
  zeroFill(scratch, 2 * sumsBytes(channels));
  if (relu) sumGradients(x, dy, y, statistics, rows, channels, sums, products, true);
  else sumGradients(x, dy, y, statistics, rows, channels, sums, products, false);
  for (let c = 0; c < channels; ++c) {
    const at = floats(c), sum = load<f64>(sums + (<usize>c << 3)), product = load<f64>(products + (<usize>c << 3));
    const mean = <f64>load<f32>(statistics + at), inverse = <f64>load<f32>(statistics + floats(2 * channels) + at);
    store<f32>(dGamma + at, <f32>(product * inverse));
    store<f32>(dBeta + at, <f32>sum);
    const scale = <f64>load<f32>(gamma + at) * inverse, slope = -scale * product * inverse * inverse / rows;
    store<f32>(a + at, <f32>scale);
    store<f32>(b + at, <f32>slope);
    store<f32>(d + at, <f32>(-scale * sum / rows - slope * mean));
  }
  if (relu) applyGradient(x, dy, y, a, b, d, dx, rows, channels, true);
  else applyGradient(x, dy, y, a, b, d, dx, rows, channels, false);
}

/** PyTorch's running statistics in place: running += momentum * (new - running), variance unbiased by count / (count - 1). */
export function updateRunning(statistics: usize, runningMean: usize, runningVariance: usize, channels: i32, momentum: f64, unbias: f64): void {
  for (let c = 0; c < channels; ++c) {
    const at = floats(c);
    const mean = <f64>load<f32>(statistics + at), variance = <f64>load<f32>(statistics + floats(channels) + at) * unbias;
    store<f32>(runningMean + at, <f32>(momentum * mean + (1 - momentum) * <f64>load<f32>(runningMean + at)));
    store<f32>(runningVariance + at, <f32>(momentum * variance + (1 - momentum) * <f64>load<f32>(runningVariance + at)));
  }
}
