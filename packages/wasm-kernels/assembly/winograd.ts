// 3x3 convolutions of stride 1 and padding 1 by Winograd's F(4x4, 3x3): 36 small matrix products instead of 144 multiplications
// per 4x4 output tile and channel pair. Needs height and width divisible by 4, input channels by 4, output channels by 8.
import { addMoments, batchNormGradients, batchNormGradInput, batchNormScratch, finishMoments, normalize, startMoments } from './batch-norm';
import { addChannelSums, channelSumsScratch, finishChannelSums } from './elementwise';
import { Window } from './geometry';
import { convTile4x8, outerProductTile4x8 } from './microkernels';
import { floats, padBias, zeroFill } from './simd';
import { columnBytes, TILE_BYTES, transformFilterGradients, transformFilters, transformGradients, transformInputs, transformOutputs, turnFilter } from './winograd-planes';

/** The 36 planes of a block would lie 4 KiB apart at 16 channels and evict each other: skewing them doubles the speed. */
const PLANE_SKEW: usize = 64;
/** Tiles of one block: few enough for the caches … */
const FORWARD_TILES: i32 = 16;
/** … and enough to make loading and storing the sums of the filter gradient cheap. */
const FILTER_TILES: i32 = 64;
/** With fewer tiles the transforms of the filter cost more than the direct algorithm. */
const LEAST_TILES: i32 = 6;

/** Bytes of one of the 36 planes of transformed filters. */
@inline
function filterPlane(g: Window): usize {
  return floats(g.inChannels * g.outChannels) + PLANE_SKEW;
}

@inline
function planeBytes(tiles: i32, channels: i32): usize {
  return floats(tiles * channels) + PLANE_SKEW;
}

@inline
function tilesOf(g: Window): i32 {
  return g.batch * (g.inHeight >> 2) * (g.inWidth >> 2);
}

/** Tiles of one block, a multiple of 4. */
@inline
function tilesPerBlock(g: Window, most: i32): i32 {
  return min((tilesOf(g) + 3) & ~3, most);
}

/**
 * y [rows, columns] = x [rows, depth] * w, w packed as [columns / 8][depth][8].
 * Whole groups of 4 rows are read and written, also where `rows` ends within one: a plane has room for them.
 */
@inline
function planeProduct(x: usize, w: usize, y: usize, rows: i32, depth: i32, columns: i32): void {
  const xRow = floats(depth), yRow = floats(columns), panelBytes = floats(8 * depth);
  for (let yEnd = y + yRow; y < yEnd; y += 32) {
    let from = x, to = y;
    for (let r = rows; r > 0; r -= 4) {
      convTile4x8(from, w, 0, to, 1, depth, 0, xRow, yRow, 8, 0);
      from += xRow << 2;
      to += yRow << 2;
    }
    w += panelBytes;
  }
}

export function winogradSupports(g: Window): bool {
  return g.kernelHeight == 3 && g.kernelWidth == 3 && g.strideHeight == 1 && g.strideWidth == 1 && g.padTop == 1 && g.padLeft == 1
    && g.outHeight == g.inHeight && g.outWidth == g.inWidth && ((g.inHeight | g.inWidth) & 3) == 0
    && tilesOf(g) >= LEAST_TILES && g.inChannels >= 8 && (g.inChannels & 3) == 0 && (g.outChannels & 7) == 0;
}

/** Working memory, laid out at the start of the scratch. Filters, sums and planes serve both directions of a geometry. */
@unmanaged
class Workspace {
  /** The geometry of the gradient by the input: a convolution the other way. */
  turned: Window;
  /** One filter between the passes of its transform. */
  tile: usize;
  /** Columns of pixels between the passes of a transform. */
  columns: usize;
  /** A line of zeros, the padding. */
  zeros: usize;
  bias: usize;
  turnedFilter: usize;
  /** Transformed filters. */
  filters: usize;
  /** Transformed filter gradients. */
  sums: usize;
  /** Transformed inputs, behind them transformed outputs or their gradients. */
  planes: usize;
}

const HEADER_BYTES: usize = 128;
const WINDOW_BYTES: usize = 64;

@inline
function widest(g: Window): i32 {
  return max(g.inChannels, g.outChannels);
}

function layOut(g: Window, scratch: usize): Workspace {
  const w = changetype<Workspace>(scratch), taps = g.inChannels * g.outChannels;
  w.turned = changetype<Window>(scratch + HEADER_BYTES);
  w.tile = scratch + HEADER_BYTES + WINDOW_BYTES;
  w.columns = w.tile + TILE_BYTES;
  w.zeros = w.columns + columnBytes(g.inWidth);
  w.bias = w.zeros + floats(g.inWidth * widest(g));
  w.turnedFilter = w.bias + floats(widest(g));
  w.filters = w.turnedFilter + floats(9 * taps);
  w.sums = w.filters + 36 * filterPlane(g);
  w.planes = w.sums + 36 * filterPlane(g);
  zeroFill(w.zeros, floats(g.inWidth * widest(g)));
  return w;
}

export function winogradScratch(g: Window): usize {
  const tiles = tilesPerBlock(g, FILTER_TILES), ic = g.inChannels, oc = g.outChannels;
  return HEADER_BYTES + WINDOW_BYTES + TILE_BYTES + columnBytes(g.inWidth) + floats((g.inWidth + 1) * widest(g) + 9 * ic * oc) + 72 * filterPlane(g) + 36 * (planeBytes(tiles, ic) + planeBytes(tiles, oc));
}

/** Convolves tiles first to first + count by the workspace's filters, adds its bias or, where not null, onto, then ReLU where asked. */
function convolveTiles(g: Window, w: Workspace, x: usize, onto: usize, y: usize, first: i32, count: i32, relu: i32): void {
  const ic = g.inChannels, oc = g.outChannels, end = first + count, block = tilesPerBlock(g, FORWARD_TILES);
  const inPlane = planeBytes(block, ic), outPlane = planeBytes(block, oc), outPlanes = w.planes + 36 * inPlane;
  for (; first < end; first += block) {
    const tiles = min(block, end - first);
    transformInputs(g, x, ic, first, tiles, w.planes, inPlane, w.columns, w.zeros);
    for (let k = 0; k < 36; ++k) {
      planeProduct(w.planes + (<usize>k) * inPlane, w.filters + (<usize>k) * filterPlane(g), outPlanes + (<usize>k) * outPlane, tiles, ic, oc);
    }
    transformOutputs(g, outPlanes, outPlane, y, w.bias, onto, oc, first, tiles, w.columns, relu);
  }
}

/** Adds what `tiles` tiles at x and dy contribute to the filter's gradient. */
function sumFilterGradients(g: Window, w: Workspace, x: usize, dy: usize, tiles: i32): void {
  const ic = g.inChannels, oc = g.outChannels, block = tilesPerBlock(g, FILTER_TILES);
  const inPlane = planeBytes(block, ic), outPlane = planeBytes(block, oc), outPlanes = w.planes + 36 * inPlane;
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    transformInputs(g, x, ic, first, count, w.planes, inPlane, w.columns, w.zeros);
    transformGradients(g, dy, oc, first, count, outPlanes, outPlane, w.columns);
    for (let k = 0; k < 36; ++k) {
      let sum = w.sums + (<usize>k) * filterPlane(g);
      const inputs = w.planes + (<usize>k) * inPlane, gradients = outPlanes + (<usize>k) * outPlane;
      for (let o = 0; o < oc; o += 8) {
        for (let i = 0; i < ic; i += 4) {
          outerProductTile4x8(inputs + floats(i), gradients + floats(o), sum, 1, count, 0, floats(ic), 0, floats(oc));
          sum += 128;
        }
      }
    }
  }
}

@inline
function prepareForward(g: Window, w: Workspace, filter: usize, bias: usize): void {
  padBias(bias, w.bias, g.outChannels);
  transformFilters(filter, w.filters, filterPlane(g), w.tile, g.inChannels, g.outChannels);
}

/** g is the geometry of the convolution from dy to dx, filter that of the forward convolution: HWIO with I = g.outChannels. */
@inline
function prepareGradInput(g: Window, w: Workspace, filter: usize): void {
  padBias(0, w.bias, g.outChannels);
  turnFilter(filter, w.turnedFilter, g.outChannels, g.inChannels);
  transformFilters(w.turnedFilter, w.filters, filterPlane(g), w.tile, g.inChannels, g.outChannels);
}

/** y = convolution(x, filter) + bias, then ReLU where asked. bias may be null. */
export function winogradForward(g: Window, x: usize, filter: usize, bias: usize, y: usize, scratch: usize, relu: i32): void {
  const w = layOut(g, scratch);
  prepareForward(g, w, filter, bias);
  convolveTiles(g, w, x, 0, y, 0, tilesOf(g), relu);
}

/**
 * dx = gradient by the input of a convolution, plus onto, where not null: a convolution with the turned filter. g is the geometry of that one: from
 * dy to dx. dx may be onto.
 */
export function winogradGradInput(g: Window, dy: usize, filter: usize, onto: usize, dx: usize, scratch: usize): void {
  const w = layOut(g, scratch);
  prepareGradInput(g, w, filter);
  convolveTiles(g, w, dy, onto, dx, 0, tilesOf(g), 0);
}

/** dFilter = gradient by the filter: per plane the product of transformed inputs and output gradients, transformed back. */
export function winogradGradFilter(g: Window, x: usize, dy: usize, dFilter: usize, scratch: usize): void {
  const w = layOut(g, scratch);
  zeroFill(w.sums, 36 * filterPlane(g));
  sumFilterGradients(g, w, x, dy, tilesOf(g));
  transformFilterGradients(w.sums, filterPlane(g), dFilter, w.tile, g.inChannels, g.outChannels);
}

// With batch norm behind the convolution. What the convolution wrote last is still in the second-level cache when the norm's statistics are
// summed up; and the gradient by its output is made a few images at a time, where both gradients of the convolution read it.

export function winogradNormSupports(g: Window): bool {
  return winogradSupports(g) && (g.inChannels & 7) == 0;
}

/** Working memory of both functions below, behind that of the convolution. */
export function winogradNormScratch(g: Window): usize {
  return winogradScratch(g) + batchNormScratch(g.outChannels) + channelSumsScratch(g.outChannels) + <usize>imagesAtOnce(g) * g.outImageBytes();
}

/** Images whose tiles fill a block of the filter's gradient. */
@inline
function imagesAtOnce(g: Window): i32 {
  const tiles = (g.inHeight >> 2) * (g.inWidth >> 2);
  return (FILTER_TILES + tiles - 1) / tiles;
}

/** z = convolution(x, filter) + bias [then ReLU], y = batch norm of z as in batchNormForward. */
export function winogradNormForward(
  g: Window, x: usize, filter: usize, bias: usize, z: usize, gamma: usize, beta: usize, residual: usize, y: usize, statistics: usize, scratch: usize,
  epsilon: f64, inputRelu: i32, relu: i32,
): void {
  const w = layOut(g, scratch), sums = scratch + winogradScratch(g), channels = g.outChannels;
  prepareForward(g, w, filter, bias);
  startMoments(sums, channels);
  const tiles = tilesOf(g), block = tilesPerBlock(g, FORWARD_TILES), tileColumns = g.inWidth >> 2, rowsPerLine = 4 * g.inWidth;
  let summed = 0; // lines of tiles
  for (let first = 0; first < tiles; first += block) {
    const end = min(first + block, tiles), lines = end / tileColumns - summed;
    convolveTiles(g, w, x, 0, z, first, end - first, inputRelu);
    addMoments(z + floats(summed * rowsPerLine * channels), lines * rowsPerLine, channels, z, sums);
    summed += lines;
  }
  finishMoments(z, gamma, beta, statistics, sums, summed * rowsPerLine, channels, epsilon);
  normalize(z, statistics, residual, y, summed * rowsPerLine, channels, relu);
}

/**
 * Gradients of winogradNormForward: as those of batchNormBackward, then of the convolution. dx (null where it is not wanted) may be onto, which is
 * added to it where not null; dBias may be null.
 */
export function winogradNormBackward(
  g: Window, x: usize, filter: usize, z: usize, dy: usize, y: usize, gamma: usize, statistics: usize, onto: usize, dx: usize, dFilter: usize, dBias: usize,
  dGamma: usize, dBeta: usize, gated: usize, scratch: usize, inputRelu: i32, relu: i32,
): void {
  const w = layOut(g, scratch), channels = g.outChannels, pixels = g.inHeight * g.inWidth, most = imagesAtOnce(g);
  const norm = scratch + winogradScratch(g), biasSums = norm + batchNormScratch(channels), dz = biasSums + channelSumsScratch(channels);
  batchNormGradients(z, dy, y, gamma, statistics, dGamma, dBeta, gated, norm, g.batch * pixels, channels, relu);
  zeroFill(w.sums, 36 * filterPlane(g));
  zeroFill(biasSums, channelSumsScratch(channels));
  const turned = w.turned;
  if (dx) {
    turnWindow(g, turned);
    prepareGradInput(turned, w, filter);
  }
  let from = gated ? gated : dy;
  for (let n = 0; n < g.batch; n += most) {
    const images = min(most, g.batch - n), rows = images * pixels, tiles = images * (g.inHeight >> 2) * (g.inWidth >> 2);
    batchNormGradInput(z, from, statistics, norm, dz, rows, channels, relu && !gated, inputRelu);
    if (dBias) addChannelSums(dz, biasSums, rows, channels);
    sumFilterGradients(g, w, x, dz, tiles);
    if (dx) convolveTiles(turned, w, dz, onto, dx, 0, tiles, 0);
    z += images * g.outImageBytes();
    from += images * g.outImageBytes();
    x += images * g.inImageBytes();
    if (dx) dx += images * g.inImageBytes();
    if (onto) onto += images * g.inImageBytes();
  }
  transformFilterGradients(w.sums, filterPlane(g), dFilter, w.tile, g.inChannels, channels);
  if (dBias) finishChannelSums(biasSums, dBias, channels);
}

function turnWindow(g: Window, to: Window): void {
  memory.copy(changetype<usize>(to), changetype<usize>(g), WINDOW_BYTES);
  to.inChannels = g.outChannels;
  to.outChannels = g.inChannels;
}
