// Winograd convolutions followed by batch norm. What the convolution wrote last is still in the second-level cache when
// the norm's statistics are summed. The gradient of the convolution's output is computed a few images at a time, just
// before both gradients of the convolution read it.
import {
  addMoments,
  batchNormGradients,
  batchNormGradInput,
  batchNormScratch,
  finishMoments,
  normalize,
  startMoments,
} from './batch-norm';
import { addChannelSums, channelSumsScratch, finishChannelSums } from './elementwise';
import { Window } from './geometry';
import { floats, zeroFill } from './simd';
import {
  convolveTiles,
  FILTER_TILES,
  filterPlane,
  FORWARD_TILES,
  layOut,
  prepareForward,
  prepareGradInput,
  sumFilterGradients,
  tilesOf,
  tilesPerBlock,
  WINDOW_BYTES,
  winogradScratch,
  winogradSupports,
} from './winograd';
import { transformFilterGradients } from './winograd-planes';

export function winogradNormSupports(g: Window): bool {
  return winogradSupports(g) && (g.inChannels & 7) == 0;
}

/** Working memory of both functions below; it follows that of the convolution. */
export function winogradNormScratch(g: Window): usize {
  return (
    winogradScratch(g) +
    36 * filterPlane(g) +
    batchNormScratch(g.outChannels) +
    channelSumsScratch(g.outChannels) +
    <usize>imagesAtOnce(g) * g.outImageBytes()
  );
}

/** Images whose tiles fill a block of the filter's gradient. */
@inline
function imagesAtOnce(g: Window): i32 {
  const tiles = (g.inHeight >> 2) * (g.inWidth >> 2);
  return (FILTER_TILES + tiles - 1) / tiles;
}

/** z = convolution(x, filter) + bias [then ReLU], y = batch norm of z as in batchNormForward. */
export function winogradNormForward(
  g: Window,
  x: usize,
  filter: usize,
  bias: usize,
  z: usize,
  gamma: usize,
  beta: usize,
  residual: usize,
  y: usize,
  statistics: usize,
  scratch: usize,
  epsilon: f64,
  convolutionRelu: i32,
  relu: i32,
): void {
  const w = layOut(g, scratch),
    sums = scratch + winogradScratch(g),
    channels = g.outChannels;
  prepareForward(g, w, filter, bias);
  startMoments(sums, channels);
  const tiles = tilesOf(g),
    block = tilesPerBlock(g, FORWARD_TILES),
    tileColumns = g.inWidth >> 2,
    rowsPerLine = 4 * g.inWidth;
  let summed = 0; // lines of tiles
  for (let first = 0; first < tiles; first += block) {
    const end = min(first + block, tiles),
      lines = end / tileColumns - summed;
    convolveTiles(g, w, x, 0, z, first, end - first, convolutionRelu);
    addMoments(z + floats(summed * rowsPerLine * channels), lines * rowsPerLine, channels, z, sums);
    summed += lines;
  }
  finishMoments(z, gamma, beta, statistics, sums, summed * rowsPerLine, channels, epsilon);
  normalize(z, statistics, residual, y, summed * rowsPerLine, channels, relu);
}

/**
 * Gradients of winogradNormForward: those of batchNormBackward, then those of the convolution. dx (null if not wanted)
 * may be onto, which is added to it if not null; dBias may be null.
 */
export function winogradNormBackward(
  g: Window,
  x: usize,
  filter: usize,
  z: usize,
  dy: usize,
  y: usize,
  gamma: usize,
  statistics: usize,
  onto: usize,
  dx: usize,
  dFilter: usize,
  dBias: usize,
  dGamma: usize,
  dBeta: usize,
  gated: usize,
  scratch: usize,
  convolutionRelu: i32,
  relu: i32,
): void {
  const w = layOut(g, scratch),
    channels = g.outChannels,
    pixels = g.inHeight * g.inWidth,
    most = imagesAtOnce(g);
  const norm = scratch + winogradScratch(g),
    biasSums = norm + batchNormScratch(channels),
    sums = biasSums + channelSumsScratch(channels),
    dz = sums + 36 * filterPlane(g);
  w.sums = sums;
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
    const images = min(most, g.batch - n),
      rows = images * pixels,
      tiles = images * (g.inHeight >> 2) * (g.inWidth >> 2);
    batchNormGradInput(z, from, statistics, norm, dz, rows, channels, relu && !gated, convolutionRelu);
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
