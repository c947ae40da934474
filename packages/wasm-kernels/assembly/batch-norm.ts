// Batch normalization over all axes except the last, on [rows, channels]. Sums run in float32 over a block of rows,
// then in float64.
import { activationFloor, addToDoubles, clampBelow, floats, loadLanes, madd, storeLanes, zeroFill } from './simd';

/**
 * Rows of a block, small enough that three tensors of it stay in the first-level cache while its channel groups are
 * summed one by one.
 */
@inline
function rowsPerBlock(channels: i32): i32 {
  return max(16, min(256, 2048 / channels));
}

/** Rows of the statistics that forward leaves for backward. */
const MEAN: i32 = 0,
  VARIANCE: i32 = 1,
  INVERSE: i32 = 2,
  SCALE: i32 = 3,
  SHIFT: i32 = 4;

@inline
function statistic(statistics: usize, row: i32, channels: i32): usize {
  return statistics + floats(row * channels);
}

export function batchNormScratch(channels: i32): usize {
  return 2 * sumsBytes(channels) + floats(3 * channels);
}

/** Float64 sums per channel, in whole groups of four. */
@inline
function sumsBytes(channels: i32): usize {
  return (<usize>((channels + 3) & ~3)) << 3;
}

/**
 * Adds the sums of (x - pivot) and of its square; the pivot, a value of the channel, protects the variance from
 * cancellation.
 */
@inline
function addColumnMoments(x: usize, row: usize, rows: i32, pivot: v128, sums: usize, squares: usize, lanes: i32): void {
  let sum = f32x4.splat(0),
    square = sum,
    sumOdd = sum,
    squareOdd = sum;
  for (; rows >= 2; rows -= 2) {
    const a = f32x4.sub(loadLanes(x, lanes), pivot),
      b = f32x4.sub(loadLanes(x + row, lanes), pivot);
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

/** Sums of moments: scratch of batchNormScratch(channels). */
export function startMoments(scratch: usize, channels: i32): void {
  zeroFill(scratch, 2 * sumsBytes(channels));
}

/** Adds rows of x; pivots: a row of the same tensor. */
export function addMoments(x: usize, rows: i32, channels: i32, pivots: usize, scratch: usize): void {
  const row = floats(channels),
    whole = channels & ~3,
    rest = channels & 3,
    block = rowsPerBlock(channels);
  const sums = scratch,
    squares = sums + sumsBytes(channels);
  for (let first = 0; first < rows; first += block) {
    const count = min(block, rows - first);
    for (let c = 0; c < whole; c += 4)
      addColumnMoments(
        x + floats(c),
        row,
        count,
        v128.load(pivots + floats(c)),
        sums + ((<usize>c) << 3),
        squares + ((<usize>c) << 3),
        4,
      );
    if (rest)
      addColumnMoments(
        x + floats(whole),
        row,
        count,
        loadLanes(pivots + floats(whole), rest),
        sums + ((<usize>whole) << 3),
        squares + ((<usize>whole) << 3),
        rest,
      );
    x += row * block;
  }
}

/**
 * statistics [5][channels]: mean, biased variance, 1 / sqrt(variance + epsilon), and the scale and shift for x.
 */
export function finishMoments(
  pivots: usize,
  gamma: usize,
  beta: usize,
  statistics: usize,
  scratch: usize,
  rows: i32,
  channels: i32,
  epsilon: f64,
): void {
  const sums = scratch,
    squares = sums + sumsBytes(channels);
  for (let c = 0; c < channels; ++c) {
    const at = floats(c),
      offset = load<f64>(sums + ((<usize>c) << 3)) / rows;
    const variance = max(0.0, load<f64>(squares + ((<usize>c) << 3)) / rows - offset * offset);
    const mean = <f64>load<f32>(pivots + at) + offset,
      inverse = 1.0 / sqrt<f64>(variance + epsilon);
    store<f32>(statistic(statistics, MEAN, channels) + at, <f32>mean);
    store<f32>(statistic(statistics, VARIANCE, channels) + at, <f32>variance);
    store<f32>(statistic(statistics, INVERSE, channels) + at, <f32>inverse);
    const factor = <f64>load<f32>(gamma + at) * inverse;
    store<f32>(statistic(statistics, SCALE, channels) + at, <f32>factor);
    store<f32>(statistic(statistics, SHIFT, channels) + at, <f32>(<f64>load<f32>(beta + at) - mean * factor));
  }
}

/** y = x scaled and shifted by the statistics, plus the residual (or null), then ReLU if requested. */
export function normalize(
  x: usize,
  statistics: usize,
  residual: usize,
  y: usize,
  rows: i32,
  channels: i32,
  relu: i32,
): void {
  const scale = statistic(statistics, SCALE, channels),
    shift = statistic(statistics, SHIFT, channels);
  if (residual) scaleShiftAll(x, scale, shift, residual, y, rows, channels, relu, true);
  else scaleShiftAll(x, scale, shift, 0, y, rows, channels, relu, false);
}

/**
 * y = gamma * (x - mean) / sqrt(variance + epsilon) + beta, plus the residual (or null), then ReLU if requested;
 * statistics are those of finishMoments.
 */
export function batchNormForward(
  x: usize,
  gamma: usize,
  beta: usize,
  residual: usize,
  y: usize,
  statistics: usize,
  scratch: usize,
  rows: i32,
  channels: i32,
  epsilon: f64,
  relu: i32,
): void {
  startMoments(scratch, channels);
  addMoments(x, rows, channels, x, scratch);
  finishMoments(x, gamma, beta, statistics, scratch, rows, channels, epsilon);
  normalize(x, statistics, residual, y, rows, channels, relu);
}

@inline
function scaleShiftColumn(
  x: usize,
  residual: usize,
  y: usize,
  row: usize,
  rows: i32,
  scale: v128,
  shift: v128,
  floor: v128,
  hasResidual: bool,
  lanes: i32,
): void {
  for (; rows > 0; --rows) {
    let v = madd(loadLanes(x, lanes), scale, shift);
    if (hasResidual) {
      v = f32x4.add(v, loadLanes(residual, lanes));
      residual += row;
    }
    storeLanes(y, clampBelow(v, floor), lanes);
    x += row;
    y += row;
  }
}

@inline
function scaleShiftAll(
  x: usize,
  scale: usize,
  shift: usize,
  residual: usize,
  y: usize,
  rows: i32,
  channels: i32,
  relu: i32,
  hasResidual: bool,
): void {
  const floor = activationFloor(relu),
    whole = floats(channels & ~3),
    rest = channels & 3,
    row = floats(channels),
    block = rowsPerBlock(channels);
  for (let first = 0; first < rows; first += block) {
    const count = min(block, rows - first);
    for (let c: usize = 0; c < whole; c += 16)
      scaleShiftColumn(
        x + c,
        residual + c,
        y + c,
        row,
        count,
        v128.load(scale + c),
        v128.load(shift + c),
        floor,
        hasResidual,
        4,
      );
    if (rest)
      scaleShiftColumn(
        x + whole,
        residual + whole,
        y + whole,
        row,
        count,
        loadLanes(scale + whole, rest),
        loadLanes(shift + whole, rest),
        floor,
        hasResidual,
        rest,
      );
    x += row * block;
    residual += row * block;
    y += row * block;
  }
}

/** y = x * scale + shift per channel, then ReLU if requested: batch norm with its statistics folded. */
export function scaleShift(x: usize, scale: usize, shift: usize, y: usize, rows: i32, channels: i32, relu: i32): void {
  scaleShiftAll(x, scale, shift, 0, y, rows, channels, relu, false);
}

// Gradients pass where the ReLU after the normalization was open, that is, where its output is positive. Without a
// residual, the output is recomputed from x, which is read anyway. With a residual, the output is read, and the gated
// dy is stored, because it is also the residual's gradient.

/** Adds the sums of the gated dy and of its product with x - mean. */
@inline
function addGradientSums(
  x: usize,
  dy: usize,
  y: usize,
  gated: usize,
  row: usize,
  rows: i32,
  mean: v128,
  scale: v128,
  shift: v128,
  sums: usize,
  products: usize,
  relu: bool,
  hasResidual: bool,
  lanes: i32,
): void {
  let sum = f32x4.splat(0),
    product = sum;
  for (; rows > 0; --rows) {
    const at = loadLanes(x, lanes);
    let d = loadLanes(dy, lanes);
    if (relu) d = openGradient(d, hasResidual ? loadLanes(y, lanes) : madd(at, scale, shift));
    if (hasResidual) {
      storeLanes(gated, d, lanes);
      y += row;
      gated += row;
    }
    sum = f32x4.add(sum, d);
    product = madd(d, f32x4.sub(at, mean), product);
    x += row;
    dy += row;
  }
  addToDoubles(sums, sum);
  addToDoubles(products, product);
}

/** d where the ReLU's output (or its input, which has the same sign) is positive, else 0. */
@inline
function openGradient(d: v128, output: v128): v128 {
  return v128.and(d, f32x4.gt(output, f32x4.splat(0)));
}

@inline
function sumGradients(
  x: usize,
  dy: usize,
  y: usize,
  gated: usize,
  statistics: usize,
  rows: i32,
  channels: i32,
  sums: usize,
  products: usize,
  relu: bool,
  hasResidual: bool,
): void {
  const row = floats(channels),
    whole = channels & ~3,
    rest = channels & 3,
    block = rowsPerBlock(channels);
  const means = statistic(statistics, MEAN, channels),
    scales = statistic(statistics, SCALE, channels),
    shifts = statistic(statistics, SHIFT, channels);
  for (let first = 0; first < rows; first += block) {
    const count = min(block, rows - first);
    for (let c = 0; c < whole; c += 4) {
      const at = floats(c),
        wide = (<usize>c) << 3;
      addGradientSums(
        x + at,
        dy + at,
        y + at,
        gated + at,
        row,
        count,
        v128.load(means + at),
        v128.load(scales + at),
        v128.load(shifts + at),
        sums + wide,
        products + wide,
        relu,
        hasResidual,
        4,
      );
    }
    if (rest) {
      const at = floats(whole),
        wide = (<usize>whole) << 3;
      addGradientSums(
        x + at,
        dy + at,
        y + at,
        gated + at,
        row,
        count,
        loadLanes(means + at, rest),
        loadLanes(scales + at, rest),
        loadLanes(shifts + at, rest),
        sums + wide,
        products + wide,
        relu,
        hasResidual,
        rest,
      );
    }
    x += row * block;
    dy += row * block;
    y += row * block;
    gated += row * block;
  }
}

@inline
function applyGradientColumn(
  x: usize,
  dy: usize,
  dx: usize,
  row: usize,
  rows: i32,
  a: v128,
  b: v128,
  d: v128,
  scale: v128,
  shift: v128,
  gate: bool,
  inputRelu: bool,
  lanes: i32,
): void {
  for (; rows > 0; --rows) {
    const at = loadLanes(x, lanes);
    let gradient = loadLanes(dy, lanes);
    if (gate) gradient = openGradient(gradient, madd(at, scale, shift));
    gradient = madd(gradient, a, madd(at, b, d));
    storeLanes(dx, inputRelu ? openGradient(gradient, at) : gradient, lanes);
    x += row;
    dy += row;
    dx += row;
  }
}

/**
 * dx = a * dy + b * x + d per channel; with inputRelu, 0 where x, the output of a ReLU, is not positive. dx may be dy.
 */
@inline
function applyGradient(
  x: usize,
  dy: usize,
  statistics: usize,
  a: usize,
  b: usize,
  d: usize,
  dx: usize,
  rows: i32,
  channels: i32,
  gate: bool,
  inputRelu: bool,
): void {
  const row = floats(channels),
    whole = floats(channels & ~3),
    rest = channels & 3,
    block = rowsPerBlock(channels);
  const scales = statistic(statistics, SCALE, channels),
    shifts = statistic(statistics, SHIFT, channels);
  for (let first = 0; first < rows; first += block) {
    const count = min(block, rows - first);
    for (let c: usize = 0; c < whole; c += 16) {
      applyGradientColumn(
        x + c,
        dy + c,
        dx + c,
        row,
        count,
        v128.load(a + c),
        v128.load(b + c),
        v128.load(d + c),
        v128.load(scales + c),
        v128.load(shifts + c),
        gate,
        inputRelu,
        4,
      );
    }
    if (rest) {
      applyGradientColumn(
        x + whole,
        dy + whole,
        dx + whole,
        row,
        count,
        loadLanes(a + whole, rest),
        loadLanes(b + whole, rest),
        loadLanes(d + whole, rest),
        loadLanes(scales + whole, rest),
        loadLanes(shifts + whole, rest),
        gate,
        inputRelu,
        rest,
      );
    }
    x += row * block;
    dy += row * block;
    dx += row * block;
  }
}

/** Where a, b and d of dx = a * dy + b * x + d per channel are in the scratch. */
@inline
function coefficients(scratch: usize, channels: i32): usize {
  return scratch + 2 * sumsBytes(channels);
}

/**
 * Gradients of batchNormForward with respect to gamma and beta; puts what batchNormGradInput needs into the scratch.
 * With a residual (gated not null), y is the output, and gated, which may be dy, becomes the residual's gradient.
 */
export function batchNormGradients(
  x: usize,
  dy: usize,
  y: usize,
  gamma: usize,
  statistics: usize,
  dGamma: usize,
  dBeta: usize,
  gated: usize,
  scratch: usize,
  rows: i32,
  channels: i32,
  relu: i32,
): void {
  const sums = scratch,
    products = sums + sumsBytes(channels);
  const a = coefficients(scratch, channels),
    b = a + floats(channels),
    d = b + floats(channels);
  zeroFill(scratch, 2 * sumsBytes(channels));
  if (gated) sumGradients(x, dy, y, gated, statistics, rows, channels, sums, products, true, true);
  else if (relu) sumGradients(x, dy, 0, 0, statistics, rows, channels, sums, products, true, false);
  else sumGradients(x, dy, 0, 0, statistics, rows, channels, sums, products, false, false);
  for (let c = 0; c < channels; ++c) {
    const at = floats(c),
      sum = load<f64>(sums + ((<usize>c) << 3)),
      product = load<f64>(products + ((<usize>c) << 3));
    const mean = <f64>load<f32>(statistic(statistics, MEAN, channels) + at),
      inverse = <f64>load<f32>(statistic(statistics, INVERSE, channels) + at);
    store<f32>(dGamma + at, <f32>(product * inverse));
    store<f32>(dBeta + at, <f32>sum);
    const scale = <f64>load<f32>(gamma + at) * inverse,
      slope = (-scale * product * inverse * inverse) / rows;
    store<f32>(a + at, <f32>scale);
    store<f32>(b + at, <f32>slope);
    store<f32>(d + at, <f32>((-scale * sum) / rows - slope * mean));
  }
}

/**
 * The gradient with respect to x for some of its rows, from dy (already gated unless `gate`). With inputRelu, x is the
 * output of a ReLU, and dx the gradient before it. dx may be dy.
 */
export function batchNormGradInput(
  x: usize,
  dy: usize,
  statistics: usize,
  scratch: usize,
  dx: usize,
  rows: i32,
  channels: i32,
  gate: bool,
  inputRelu: i32,
): void {
  const a = coefficients(scratch, channels),
    b = a + floats(channels),
    d = b + floats(channels);
  if (gate && inputRelu) applyGradient(x, dy, statistics, a, b, d, dx, rows, channels, true, true);
  else if (gate) applyGradient(x, dy, statistics, a, b, d, dx, rows, channels, true, false);
  else if (inputRelu) applyGradient(x, dy, statistics, a, b, d, dx, rows, channels, false, true);
  else applyGradient(x, dy, statistics, a, b, d, dx, rows, channels, false, false);
}

/**
 * Gradients of batchNormForward: batchNormGradients, then batchNormGradInput of all rows. dx may be dy without a
 * residual.
 */
export function batchNormBackward(
  x: usize,
  dy: usize,
  y: usize,
  gamma: usize,
  statistics: usize,
  dx: usize,
  dGamma: usize,
  dBeta: usize,
  gated: usize,
  scratch: usize,
  rows: i32,
  channels: i32,
  relu: i32,
  inputRelu: i32,
): void {
  batchNormGradients(x, dy, y, gamma, statistics, dGamma, dBeta, gated, scratch, rows, channels, relu);
  batchNormGradInput(x, gated ? gated : dy, statistics, scratch, dx, rows, channels, relu && !gated, inputRelu);
}

/**
 * PyTorch's running statistics, in place: running += momentum * (new - running); the variance is made unbiased by count
 * / (count - 1).
 */
export function updateRunning(
  statistics: usize,
  runningMean: usize,
  runningVariance: usize,
  channels: i32,
  momentum: f64,
  unbias: f64,
): void {
  for (let c = 0; c < channels; ++c) {
    const at = floats(c);
    const mean = <f64>load<f32>(statistic(statistics, MEAN, channels) + at),
      variance = <f64>load<f32>(statistic(statistics, VARIANCE, channels) + at) * unbias;
    store<f32>(runningMean + at, <f32>(momentum * mean + (1 - momentum) * <f64>load<f32>(runningMean + at)));
    store<f32>(
      runningVariance + at,
      <f32>(momentum * variance + (1 - momentum) * <f64>load<f32>(runningVariance + at)),
    );
  }
}
