// 3x3 convolutions of stride 1 and padding 1 by Winograd's F(4x4, 3x3): 36 small matrix products instead of 144 multiplications
// per 4x4 output tile and channel pair. Needs height and width divisible by 4, input channels by 4, output channels by 8.
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

export function winogradScratch(g: Window): usize {
  const tiles = tilesPerBlock(g, FILTER_TILES), ic = g.inChannels, oc = g.outChannels;
  return TILE_BYTES + columnBytes(g.inWidth) + floats(oc + 9 * ic * oc + g.inWidth * ic) + 36 * filterPlane(g) + 36 * (planeBytes(tiles, ic) + planeBytes(tiles, oc));
}

/** y = convolution(x, filter) + bias, then ReLU where asked. bias may be null. */
export function winogradForward(g: Window, x: usize, filter: usize, bias: usize, y: usize, scratch: usize, relu: i32): void {
  convolve(g, x, filter, bias, 0, y, scratch, relu, false);
}

/**
 * dx = gradient by the input of a convolution, plus onto, where not null: a convolution with the turned filter. g is the geometry of that one: from
 * dy to dx. dx may be onto.
 */
export function winogradGradInput(g: Window, dy: usize, filter: usize, onto: usize, dx: usize, scratch: usize): void {
  convolve(g, dy, filter, 0, onto, dx, scratch, 0, true);
}

/** filter: HWIO, or with `turned` that of the forward convolution, with I = g.outChannels. */
function convolve(g: Window, x: usize, filter: usize, bias: usize, onto: usize, y: usize, scratch: usize, relu: i32, turned: bool): void {
  const ic = g.inChannels, oc = g.outChannels, tiles = tilesOf(g), block = tilesPerBlock(g, FORWARD_TILES);
  const inPlane = planeBytes(block, ic), outPlane = planeBytes(block, oc);
  const tile = scratch, columns = tile + TILE_BYTES, biasPadded = columns + columnBytes(g.inWidth), turnedFilter = biasPadded + floats(oc);
  const filters = turnedFilter + floats(9 * ic * oc), zeros = filters + 36 * filterPlane(g);
  const inPlanes = zeros + floats(g.inWidth * ic), outPlanes = inPlanes + 36 * inPlane;
  padBias(bias, biasPadded, oc);
  zeroFill(zeros, floats(g.inWidth * ic));
  if (turned) turnFilter(filter, turnedFilter, oc, ic);
  transformFilters(turned ? turnedFilter : filter, filters, filterPlane(g), tile, ic, oc);
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    transformInputs(g, x, ic, first, count, inPlanes, inPlane, columns, zeros);
    for (let k = 0; k < 36; ++k) {
      planeProduct(inPlanes + (<usize>k) * inPlane, filters + (<usize>k) * filterPlane(g), outPlanes + (<usize>k) * outPlane, count, ic, oc);
    }
    transformOutputs(g, outPlanes, outPlane, y, biasPadded, onto, oc, first, count, columns, relu);
  }
}

/** dFilter = gradient by the filter: per plane the product of transformed inputs and output gradients, transformed back. */
export function winogradGradFilter(g: Window, x: usize, dy: usize, dFilter: usize, scratch: usize): void {
  const ic = g.inChannels, oc = g.outChannels, tiles = tilesOf(g), block = tilesPerBlock(g, FILTER_TILES);
  const inPlane = planeBytes(block, ic), outPlane = planeBytes(block, oc);
  const tile = scratch, columns = tile + TILE_BYTES, sums = columns + columnBytes(g.inWidth), zeros = sums + 36 * filterPlane(g);
  const inPlanes = zeros + floats(g.inWidth * ic), outPlanes = inPlanes + 36 * inPlane;
  zeroFill(sums, 36 * filterPlane(g));
  zeroFill(zeros, floats(g.inWidth * ic));
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    transformInputs(g, x, ic, first, count, inPlanes, inPlane, columns, zeros);
    transformGradients(g, dy, oc, first, count, outPlanes, outPlane, columns);
    for (let k = 0; k < 36; ++k) {
      let sum = sums + (<usize>k) * filterPlane(g);
      const inputs = inPlanes + (<usize>k) * inPlane, gradients = outPlanes + (<usize>k) * outPlane;
      for (let o = 0; o < oc; o += 8) {
        for (let i = 0; i < ic; i += 4) {
          outerProductTile4x8(inputs + floats(i), gradients + floats(o), sum, 1, count, 0, floats(ic), 0, floats(oc));
          sum += 128;
        }
      }
    }
  }
  transformFilterGradients(sums, filterPlane(g), dFilter, tile, ic, oc);
}
